"""Papers of an application over the API: the check list, one more, taking back, and the bytes of one."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge.api import Blueprint
from brand.edge.files import saved, uploaded
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.uploads import ENDINGS
from brand.models.materials import ApplicationFile
from brand.queries import applications as reads
from brand.queries import materials as papers
from brand.schemas.materials import FileOut, MaterialIn, PapersOut
from brand.services import materials

blp = Blueprint(
    "api_materials", __name__, url_prefix="/api/v1/applications/<application_id>", description="Papers of applications"
)
csrf.exempt(blp)


@blp.route("/materials", methods=["GET"])
@blp.response(200, PapersOut)
@needs("applications.read")
def index(application_id: str) -> dict[str, Any]:
    """What the policy asks for, what is there and what is lacking."""
    with reading() as work:
        return {"rows": reads.detail(work.session, actor(), application_id, work.today).papers}


@blp.route("/materials", methods=["POST"])
@blp.arguments(MaterialIn, location="form")
@blp.response(201, FileOut)
@needs("applications.write")
def add(values: dict[str, Any], application_id: str) -> ApplicationFile:
    """One more paper as multipart/form-data with the part ``file``; the same bytes twice answer ``materials.twice``."""
    upload = uploaded()
    with writing() as work:
        return materials.add(work, application_id, upload=upload, **values)


@blp.route("/materials/<file_id>", methods=["DELETE"])
@blp.response(204)
@needs("applications.write")
def remove(application_id: str, file_id: str) -> None:
    """Take a paper back while the application is with the applicant."""
    with writing() as work:
        materials.remove(work, application_id, file_id)


@blp.route("/files/<file_id>", methods=["GET"])
@needs("applications.read")
def save(application_id: str, file_id: str) -> Response:
    """The bytes of one file, as an attachment."""
    with reading() as work:
        application = reads.find(work.session, actor(), application_id)
        file = papers.file(work.session, application_id, file_id)
    return saved(file.content, f"{application.number}-{file.kind}.{ENDINGS[file.media_type]}", file.media_type)
