"""Papers of an application as pages: the check list with its upload form, taking back, and saving a file."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.kernel.uploads import ENDINGS
from brand.queries import applications as reads
from brand.queries import materials as papers
from brand.rules.materials import ENDING, MaterialKind
from brand.schemas.materials import MaterialIn
from brand.services import materials

bp = Blueprint("materials", __name__, url_prefix="/applications/<application_id>")


@bp.route("/materials", methods=["GET", "POST"])
@needs("applications.write")
def index(application_id: str) -> ResponseReturnValue:
    """What is asked for, what is there, and one file more."""
    with reading() as work:
        actor().require("applications.write", reads.find(work.session, actor(), application_id).enterprise_id)
        found = reads.detail(work.session, actor(), application_id, work.today)
    form = Form(MaterialIn())
    if form.posted:
        with form.catching():
            values, upload = form.values(), uploaded()
            with writing() as work:
                materials.add(work, application_id, upload=upload, **values)
            return back("materials.index", "The paper is kept.", application_id=application_id)
    elif not any(one.step.action == "edit" for one in found.open_steps):
        raise unknown()
    submit = next((one for one in found.open_steps if one.step.action == "submit"), None)
    page = render(
        "applications/materials.html", form=form, found=found, kinds=list(MaterialKind), ending=ENDING, submit=submit
    )
    return page, form.status


@bp.post("/materials/<file_id>/remove")
@needs("applications.write")
def remove(application_id: str, file_id: str) -> ResponseReturnValue:
    with writing() as work:
        materials.remove(work, application_id, file_id)
    return back("materials.index", "The paper is taken back.", application_id=application_id)


@bp.get("/files/<file_id>")
@needs("applications.read")
def save(application_id: str, file_id: str) -> ResponseReturnValue:
    """One file to be saved; its name is ours, the sender's is only shown."""
    with reading() as work:
        application = reads.find(work.session, actor(), application_id)
        file = papers.file(work.session, application_id, file_id)
    return saved(file.content, f"{application.number}-{file.kind}.{ENDINGS[file.media_type]}", file.media_type)
