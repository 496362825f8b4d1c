"""Draws one uploaded picture anew inside the confined child: foreign bytes in, a clean JPEG or PNG out.

A script, not a library: it runs under ``python -I`` and may import nothing of this project. The answer is one line (the
media type, or ``error`` and a code) and then the bytes. Whatever else the file carried (place, device) is gone.
"""

from __future__ import annotations

import io
import resource
import sys
import warnings

MAX_PIXELS = 40_000_000
MAX_SIDE = 2_000
FORMATS = {"JPEG": "image/jpeg", "WEBP": "image/jpeg", "PNG": "image/png"}
JPEG_QUALITY = 85


def main() -> None:
    memory, processor, output = (int(text) for text in sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        media_type, data = drawn(sys.stdin.buffer.read())
    except Exception:
        media_type, data = "error uploads.picture_unreadable", b""
    sys.stdout.buffer.write(media_type.encode() + b"\n" + data)


def drawn(data: bytes) -> tuple[str, bytes]:
    """The picture upright, at most 2000 pixels a side, without its metadata."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error")
    try:
        picture = Image.open(io.BytesIO(data), formats=list(FORMATS))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):  # the head alone says how many pixels
        return "error uploads.picture_too_large", b""
    media_type = FORMATS[str(picture.format)]
    upright = ImageOps.exif_transpose(picture).convert("RGB" if media_type == "image/jpeg" else "RGBA")
    upright.thumbnail((MAX_SIDE, MAX_SIDE))
    written = io.BytesIO()
    upright.info.clear()
    if media_type == "image/jpeg":
        upright.save(written, "JPEG", quality=JPEG_QUALITY)
    else:
        upright.save(written, "PNG", optimize=False)
    return media_type, written.getvalue()


if __name__ == "__main__":
    main()
