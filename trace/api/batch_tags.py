"""Tags over the API: the signed code of a batch as a file for printers."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge.api import Blueprint
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import house, reading, writing
from trace.formats.label_files import printing
from trace.parts import parts
from trace.queries import batch_tags as reads
from trace.schemas.batch_tags import TagsIn
from trace.schemas.labels import CHOICES
from trace.services import batch_tags

blp = Blueprint("api_batch_tags", __name__, url_prefix="/api/v1/batches", description="Batches")
csrf.exempt(blp)


@blp.route("/<batch_id>/tags", methods=["POST"])
@blp.arguments(TagsIn)
@blp.response(200, content_type="application/pdf", description="The file asked for; its media type is that of its kind")
@needs("labels.activate")
def tags(given: dict[str, Any], batch_id: str) -> Response:
    """Tags of a batch or of each of its carcasses; the code is signed once, every call is on record."""
    wanted = printing(**{one: given.pop(one) for one in CHOICES})
    with writing() as work:
        tag = batch_tags.issue(work, parts().signer, batch_id, given.pop("gtin"))
    with reading() as work:
        file = reads.file(work.session, tag, wanted, house().settings.public_url, **given)
    with writing() as work:
        batch_tags.record_print(work, tag, what=given["what"], tags=given["copies"], layout=wanted.name)
    return Response(file, mimetype=wanted.media_type)
