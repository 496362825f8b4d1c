"""Takes a document or a picture from outside: told by its content, measured, cleaned, hashed; names are never trusted.

Source: OWASP «File Upload» (type by content, re-drawn pictures, size limits, attachment-only). A door calls ``take``
before it opens a transaction, because drawing a picture anew takes a tenth of a second.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from brand.kernel import confined, picture_child
from brand.kernel.errors import AppError, Fault, invalid

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
ENDINGS = {PDF: "pdf", JPEG: "jpg", PNG: "png"}
LONGEST_NAME = 120
#: A picture of 40 million pixels takes 160 MB unpacked, twice while it is turned upright.
LIMITS = confined.Limits(memory=768 * 1024 * 1024, processor=6, wall=8.0)


@dataclass(frozen=True)
class Upload:
    """A file ready to be kept: ``name`` is for people to read only; ``digest`` is SHA-256 in hex of ``data``."""

    name: str
    media_type: str
    data: bytes
    digest: str

    @property
    def size(self) -> int:
        return len(self.data)


def take(name: str, data: bytes, *, most: int, field: str = "file", pictures_only: bool = False) -> Upload:
    """A PDF as it is, a JPEG, PNG or WebP drawn anew; ``most`` bytes.

    Raises ``uploads.empty``, ``uploads.too_large``, ``uploads.kind``, ``uploads.pdf_broken``, ``uploads.picture_*``;
    ``uploads.pictures_only`` for whatever is no picture where a form takes nothing else.
    """
    if not data:
        raise _at(field, "uploads.empty")
    if len(data) > most:
        raise _at(field, "uploads.too_large", most_mb=round(most / 1_000_000, 1))
    if not _looks_like_a_picture(data) and (pictures_only or data[:5] != b"%PDF-"):
        raise _at(field, "uploads.pictures_only" if pictures_only else "uploads.kind")
    media_type, kept = _document(data, field) if data[:5] == b"%PDF-" else _picture(data, field)
    return Upload(shown_name(name), media_type, kept, hashlib.sha256(kept).hexdigest())


def shown_name(name: str) -> str:
    """The sender's file name without folders and unprintable characters, for people to read."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    plain = "".join(one for one in last if unicodedata.category(one)[0] not in "CZ" or one == " ").strip()
    return plain[-LONGEST_NAME:]


def _document(data: bytes, field: str) -> tuple[str, bytes]:
    """A PDF is kept byte for byte, so that its hash stays that of the paper; it is never opened here."""
    if b"%%EOF" not in data[-2048:]:
        raise _at(field, "uploads.pdf_broken")
    return PDF, data


def _picture(data: bytes, field: str) -> tuple[str, bytes]:
    try:
        head, _, drawn = confined.run(Path(picture_child.__file__), data, LIMITS).partition(b"\n")
    except confined.OverrunError:
        raise _at(field, "uploads.picture_unreadable") from None
    word = head.decode()
    if word.startswith("error "):
        raise _at(field, word.removeprefix("error "))
    return word, drawn


def _looks_like_a_picture(data: bytes) -> bool:
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n"


def _at(field: str, code: str, **params: object) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
