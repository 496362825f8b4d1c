"""Files from outside: told by content, bombs and lies refused by name, pictures drawn anew, papers kept as they are."""

from __future__ import annotations

import hashlib
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from brand.kernel import uploads
from brand.kernel.errors import AppError

MOST = 5_000_000
PAPER = b"%PDF-1.4\n% \xe7\xa4\xba\xe8\x8c\x83\n%%EOF\n"


def _picture(kind: str, size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    written = BytesIO()
    Image.new("RGB", size, (120, 60, 20)).save(written, kind, **options)  # type: ignore[arg-type]
    return written.getvalue()


def _code(name: str, data: bytes, most: int = MOST) -> str:
    with pytest.raises(AppError) as refusal:
        uploads.take(name, data, most=most)
    assert refusal.value.faults[0].pointer == "/file"
    return refusal.value.code


def test_a_paper_is_kept_byte_for_byte() -> None:
    found = uploads.take("检测报告.pdf", PAPER, most=MOST)
    assert (found.name, found.media_type, found.data) == ("检测报告.pdf", "application/pdf", PAPER)
    assert found.digest == hashlib.sha256(PAPER).hexdigest()


@pytest.mark.parametrize(("kind", "becomes"), [("JPEG", "image/jpeg"), ("WEBP", "image/jpeg"), ("PNG", "image/png")])
def test_pictures_are_drawn_anew(kind: str, becomes: str) -> None:
    sent = _picture(kind) + b"<script>stowaway</script>"
    found = uploads.take("x", sent, most=MOST)
    assert found.media_type == becomes
    assert b"stowaway" not in found.data
    assert Image.open(BytesIO(found.data)).size == (60, 40)


def test_place_and_device_are_gone_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "secret camera", 6
    found = uploads.take("x.jpg", _picture("JPEG", exif=exif), most=MOST)
    again = Image.open(BytesIO(found.data))
    assert (again.size, dict(again.getexif())) == ((40, 60), {})
    assert b"secret camera" not in found.data


def test_large_pictures_shrink() -> None:
    found = uploads.take("x.jpg", _picture("JPEG", (3000, 1500)), most=MOST)
    assert Image.open(BytesIO(found.data)).size == (2000, 1000)


def _bomb(side: int) -> bytes:
    """A PNG that claims far more pixels than it holds."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "uploads.empty"),
        (b"MZ\x90\x00", "uploads.kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "uploads.kind"),
        (b"%PDF-1.7 cut off", "uploads.pdf_broken"),
        (b"\xff\xd8\xff\xe0 no picture", "uploads.picture_unreadable"),
        (_bomb(60_000), "uploads.picture_too_large"),
        (_bomb(6_400), "uploads.picture_too_large"),
        (_bomb(6_300), "uploads.picture_unreadable"),
        (_picture("PNG")[:70], "uploads.picture_unreadable"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    assert _code("invoice.pdf", data) == code


def test_where_only_pictures_are_taken_the_refusal_names_no_other_kind() -> None:
    for data in (PAPER, b"MZ\x90\x00", b"%PDF-1.7 cut off"):
        with pytest.raises(AppError) as refusal:
            uploads.take("x", data, most=8_000_000, field="photo", pictures_only=True)
        assert [(one.code, one.pointer) for one in refusal.value.faults] == [("uploads.pictures_only", "/photo")]
    assert uploads.take("x", _picture("PNG"), most=8_000_000, pictures_only=True).media_type == "image/png"


def test_too_many_bytes() -> None:
    assert _code("x.pdf", PAPER, most=10) == "uploads.too_large"


@pytest.mark.parametrize(
    ("name", "shown"), [("../../etc/passwd", "passwd"), ("C:\\a\\b.pdf", "b.pdf"), ("a\0\u202e.pdf", "a.pdf"), ("", "")]
)
def test_names_lose_their_teeth(name: str, shown: str) -> None:
    assert uploads.shown_name(name) == shown
