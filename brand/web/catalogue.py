"""The public product catalogue: search, one offering with its pictures; works without scripts."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.files import saved
from brand.edge.pages import render
from brand.edge.policies import public
from brand.edge.requests import reading
from brand.kernel.uploads import ENDINGS
from brand.queries import offerings as reads
from brand.schemas.offerings import CatalogueIn

bp = Blueprint("catalogue", __name__, url_prefix="/catalogue")


@bp.get("")
@public
def index() -> ResponseReturnValue:
    asked = {name: text for name, text in request.args.items() if text and name != "lang"}
    wanted = CatalogueIn().take(asked)
    with reading() as work:
        found = reads.catalogue(
            work.session,
            work.today,
            text=wanted["q"],
            brand=wanted["brand"],
            product=wanted["product"],
            number=wanted["page"],
            size=wanted["size"],
        )
        choices = reads.choices(work.session)
    return render("catalogue/index.html", found=found, wanted=wanted, choices=choices)


@bp.get("/<offering_id>")
@public
def show(offering_id: str) -> ResponseReturnValue:
    with reading() as work:
        found = reads.public(work.session, offering_id, work.today)
        return render("catalogue/show.html", one=found.shown, held=found.certificates, today=work.today)


@bp.get("/<offering_id>/photos/<photo_id>")
@public
def photo(offering_id: str, photo_id: str) -> ResponseReturnValue:
    """The bytes of a picture, which a page may show and nothing may run."""
    with reading() as work:
        found = reads.public_photo(work.session, offering_id, photo_id)
        return saved(found.content, f"{found.id}.{ENDINGS[found.media_type]}", found.media_type)
