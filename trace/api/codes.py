"""Checking codes over the API: public, for anybody's program, readable from any page."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from brand.edge import misses
from brand.edge.api import Blueprint
from brand.edge.languages import language
from brand.edge.policies import public
from brand.edge.protection import csrf, limiter
from brand.edge.requests import house, reading, writing
from brand.kernel.errors import AppError, Fault, invalid, unknown
from trace.crypto.label_codes import ScannedCode, parse
from trace.crypto.readings import Reading, read_any
from trace.parts import parts
from trace.queries import container_tags, packs
from trace.queries.container_pages import PublicContainer
from trace.queries.verification import verify
from trace.rules.verdicts import Colour, Signature
from trace.schemas.container_tags import ContainerCheckIn
from trace.schemas.containers import PublicContainerOut
from trace.schemas.verification import CheckIn, CheckOut, SecondCheckIn, SecondCheckOut, shown_answer, shown_try
from trace.services import second_codes
from trace.services.scans import look

blp = Blueprint("api_codes", __name__, url_prefix="/api/v1/codes", description="Codes on packs")
csrf.exempt(blp)


@blp.after_request
def _for_everybody(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-store"
    return response


@blp.route("/verify", methods=["GET"])
@blp.arguments(CheckIn, location="query")
@blp.response(200, CheckOut)
@public
@limiter.limit("120/minute")
def check(given: dict[str, Any]) -> dict[str, Any]:
    """Check a typed line or an address: the verdict, its reasons in words, and what to compare with the pack.

    A forged or unknown code is an answer too; only a text that is no code at all is refused.
    """
    found = _read(given["text"])
    watch = parts().watch
    with reading() as work:
        token = watch.token(work.today, request.environ)
        answer = verify(work.session, house().settings.origin, found, work.today, token)
        wait = misses.due(known=answer.pack is not None, proven=answer.signature is Signature.OK)
        if wait:
            raise misses.refusal(wait)
        tell = answer.pack is not None and answer.verdict.colour is not Colour.RED
        story = packs.story_by(work.session.connection(), answer.pack, work.today) if tell and answer.pack else None
        parts().scans.put(look(answer, work.now, token, watch.place(request.environ)))
        return shown_answer(answer, story, work.now, language())


@blp.route("/second", methods=["POST"])
@blp.arguments(SecondCheckIn)
@blp.response(200, SecondCheckOut)
@public
@limiter.limit("30/minute")
def second(given: dict[str, Any]) -> dict[str, Any]:
    """Try the hidden second code of a pack: five times a day, wrong or right, by whatever door."""
    found = _read(given["code"], "/code")
    with writing() as work:
        tried = second_codes.try_out(work, parts().second, house().settings.origin, found, given["second"])
        return shown_try(tried, language())


@blp.route("/containers/<code>", methods=["GET"])
@blp.arguments(ContainerCheckIn, location="query")
@blp.response(200, PublicContainerOut)
@public
@limiter.limit("120/minute")
def container(given: dict[str, Any], code: str) -> PublicContainer:
    """What everybody may read of a case or pallet, and with ``s`` whether its label was signed here."""
    with reading() as work:
        origin = house().settings.origin
        found = container_tags.verify(work.session, origin, _container(code, given["s"]), work.today)
    if found is None:
        raise unknown()
    return found


def _container(code: str, signed: str) -> ScannedCode:
    try:
        parse(f"/c/{code}")
    except AppError as error:
        raise unknown() from error
    try:
        return parse(f"/c/{code}?s={signed}" if signed else f"/c/{code}")
    except AppError as error:
        raise invalid(error.code, faults=[Fault(error.code, "/s", error.params)], **error.params) from error


def _read(text: str, pointer: str = "/text") -> Reading:
    try:
        return read_any(text, parts().hosts)
    except AppError as error:
        raise invalid(error.code, faults=[Fault(error.code, pointer, error.params)], **error.params) from error
