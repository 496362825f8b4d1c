"""Files in and out of a request: uploads are checked before any transaction, downloads are only ever saved."""

from __future__ import annotations

from flask import Response, request

from brand.edge.requests import house
from brand.kernel import uploads
from brand.kernel.errors import Fault, invalid
from brand.kernel.uploads import Upload


def uploaded(field: str = "file") -> Upload:
    """The one file of that field; raises ``uploads.*``."""
    found = uploaded_all(field, most=1)
    if not found:
        raise invalid("uploads.empty", faults=[Fault("uploads.empty", f"/{field}")])
    return found[0]


def uploaded_or_none(field: str) -> Upload | None:
    """The file of a field that may stay empty; raises ``uploads.*``."""
    found = uploaded_all(field, most=1)
    return found[0] if found else None


def uploaded_all(field: str, *, most: int) -> list[Upload]:
    """The files of that field, none to ``most``; raises ``uploads.too_many`` or what one of them is refused for."""
    files = [one for one in request.files.getlist(field) if one.filename]
    if len(files) > most:
        raise invalid("uploads.too_many", faults=[Fault("uploads.too_many", f"/{field}", {"most": most})], most=most)
    limit = house().settings.upload_bytes
    return [uploads.take(one.filename or "", one.read(), most=limit, field=field) for one in files]


def saved(data: bytes, name: str, media_type: str) -> Response:
    """The bytes as an attachment that no browser opens inside a page of ours."""
    response = Response(data, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
