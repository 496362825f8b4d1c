"""Pages of labels of cases and pallets: the signed code as files for printers."""

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
from trace.queries import container_tags as reads
from trace.queries import containers
from trace.rules.containers import ContainerState
from trace.schemas.container_tags import ContainerTagsIn
from trace.schemas.labels import CHOICES
from trace.services import container_tags

bp = Blueprint("container_tags", __name__)


@bp.get("/containers/<code>/tags")
@needs("flows.record")
def show(code: str) -> ResponseReturnValue:
    fields = ContainerTagsIn().fields.items()
    return _show(code, Form(ContainerTagsIn(), **{name: one.load_default for name, one in fields}))


@bp.post("/containers/<code>/tags")
@needs("flows.record")
def make(code: str) -> ResponseReturnValue:
    """The file. A POST, because the first one signs the code, and each is on record."""
    form = Form(ContainerTagsIn())
    with form.catching():
        given = form.values()
        wanted = printing(**{one: given[one] for one in CHOICES})
        with writing() as work:
            tag = container_tags.issue(work, parts().signer, code)
        with reading() as work:
            url = house().settings.public_url
            file = reads.file(work.session, tag, wanted, url, copies=given["copies"], today=work.today)
        with writing() as work:
            container_tags.record_print(work, tag, labels=given["copies"], layout=wanted.name)
        return saved(file, f"{code}.{wanted.ending}", wanted.media_type)
    return _show(code, form)


def _show(code: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        one = containers.find(work.session, actor(), code).container
        work.actor.require("flows.record", one.maker_id, one.holder_id)
    page = render(
        "containers/tags.html",
        one=one,
        packed=one.state == ContainerState.PACKED,
        form=form,
        kinds=list(PrintKind),
        layouts=list(LAYOUTS),
        resolutions=RESOLUTIONS,
    )
    return page, form.status
