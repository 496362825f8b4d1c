"""Files in and out of a request: uploads are checked before any transaction, downloads are only ever saved."""

from __future__ import annotations

import hashlib

from flask import Response, request
from werkzeug.datastructures import FileStorage

from brand.edge.requests import house
from brand.kernel import uploads
from brand.kernel.errors import Fault, invalid
from brand.kernel.uploads import Upload


def uploaded(field: str = "file", *, pictures_only: bool = False) -> Upload:
    """The one file of that field; raises ``uploads.*``."""
    found = uploaded_all(field, most=1, pictures_only=pictures_only)
    if not found:
        raise invalid("uploads.empty", faults=[Fault("uploads.empty", f"/{field}")])
    return found[0]


def uploaded_or_none(field: str) -> Upload | None:
    """The file of a field that may stay empty; raises ``uploads.*``."""
    found = uploaded_all(field, most=1)
    return found[0] if found else None


def uploaded_all(field: str, *, most: int, pictures_only: bool = False) -> list[Upload]:
    """The files of that field, none to ``most``; raises ``uploads.too_many`` or what one of them is refused for."""
    files = _files(field, most)
    return [taken(one.read(), field, one.filename or "", pictures_only=pictures_only) for one in files]


def as_sent(field: str, *, most: int) -> list[tuple[str, bytes]]:
    """SHA-256 in hex and bytes of the files of that field as they came, none of them looked at yet."""
    found = (one.read() for one in _files(field, most))
    return [(hashlib.sha256(data).hexdigest(), data) for data in found]


def taken(data: bytes, field: str, name: str = "", *, pictures_only: bool = False) -> Upload:
    """One file checked and cleaned; raises ``uploads.*``."""
    most = house().settings.upload_bytes
    return uploads.take(name, data, most=most, field=field, pictures_only=pictures_only)


def _files(field: str, most: int) -> list[FileStorage]:
    files = [one for one in request.files.getlist(field) if one.filename]
    if len(files) > most:
        raise invalid("uploads.too_many", faults=[Fault("uploads.too_many", f"/{field}", {"most": most})], most=most)
    return files


def saved(data: bytes, name: str, media_type: str) -> Response:
    """The bytes as an attachment that no browser opens inside a page of ours."""
    response = Response(data, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
