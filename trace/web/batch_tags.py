"""Pages of tags: the signed code of a batch for carcasses, cases and lots, as files for printers."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.files import saved
from brand.edge.pages import Form, render
from brand.edge.policies import needs
from brand.edge.requests import actor, house, reading, writing
from trace.formats.label_files import PrintKind, printing
from trace.formats.label_raster import RESOLUTIONS
from trace.formats.layouts import LAYOUTS
from trace.parts import parts
from trace.queries import batch_tags as reads
from trace.queries import batches, gtins
from trace.schemas.batch_tags import TagKind, TagsIn
from trace.schemas.labels import CHOICES
from trace.services import batch_tags

bp = Blueprint("batch_tags", __name__)


@bp.get("/batches/<batch_id>/tags")
@needs("labels.activate")
def show(batch_id: str) -> ResponseReturnValue:
    return _show(batch_id, Form(TagsIn(), **{name: one.load_default for name, one in TagsIn().fields.items()}))


@bp.post("/batches/<batch_id>/tags")
@needs("labels.activate")
def make(batch_id: str) -> ResponseReturnValue:
    """The file. A POST, because the first one signs the code, and each is on record."""
    form = Form(TagsIn())
    with form.catching():
        given = form.values()
        wanted = printing(**{one: given.pop(one) for one in CHOICES})
        with writing() as work:
            tag = batch_tags.issue(work, parts().signer, batch_id, given.pop("gtin"))
        with reading() as work:
            file = reads.file(work.session, tag, wanted, house().settings.public_url, **given)
            code = batches.find(work.session, actor(), batch_id).batch.code
        with writing() as work:
            batch_tags.record_print(work, tag, what=given["what"], tags=given["copies"], layout=wanted.name)
        return saved(file, f"{code}-{given['what']}.{wanted.ending}", wanted.media_type)
    return _show(batch_id, form)


def _show(batch_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        entry = batches.find(work.session, actor(), batch_id)
        work.actor.require("labels.activate", entry.batch.licensee_id, entry.batch.holder_id)
        carcasses = reads.carcasses(work.session, batch_id)
        goods = gtins.of_packs(work.session, entry.batch, work.today)
    page = render(
        "batches/tags.html",
        one=entry.batch,
        carcasses=carcasses,
        goods=goods,
        form=form,
        whats=list(TagKind) if carcasses else [TagKind.BATCH],
        kinds=list(PrintKind),
        layouts=list(LAYOUTS),
        resolutions=RESOLUTIONS,
    )
    return page, form.status
