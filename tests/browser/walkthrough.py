"""The pictures of ``docs/licensing.md``: a licensing officer's pages of the demo county, small enough to keep.

python -m tests.browser.walkthrough
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image

from brand.start import claim_trace

claim_trace()

from tests.browser.chromium import CHROMIUM, browsing  # noqa: E402
from tests.browser.county import served  # noqa: E402
from tests.browser.pages import pages  # noqa: E402

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
MOST_BYTES = 60_000
#: Picture, the page of ``pages.py`` it shows, where on it, and how many pixels from there.
SHOTS = (
    ("desk", "desk-clerk", "", 900),
    ("papers", "application-granted", "#papers", 1000),
    ("notice", "notice", "", 800),
    ("application", "application", "", 900),
    ("objection", "object", "", 900),
    ("licence", "licence", "", 800),
    ("finding", "inspection-new", "", 1100),
    ("register", "register-entry", "", 900),
)


def main() -> int:
    if CHROMIUM is None:
        print("no Chromium here: «apt-get install chromium» first")
        return 1
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as county, browsing() as browser:
        rows = {name: (who, path) for name, who, path in pages(county)}
        for picture, name, part, height in SHOTS:
            who, path = rows[name]
            context = browser.new_context(
                viewport={"width": 1000, "height": height}, locale="zh-CN", reduced_motion="reduce"
            )
            if who:
                context.add_cookies([county.cookie(who)])
            page = context.new_page()
            page.goto(county.address + path + part)
            data = small(page.screenshot())
            context.close()
            (FOLDER / f"licensing-{picture}.png").write_bytes(data)
            print(f"· licensing-{picture}.png {len(data)}")
    return 0


def small(data: bytes) -> bytes:
    """The same picture in so many colours as fit the size kept in the repository."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    for colours in (64, 32, 16, 8):
        out = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() < MOST_BYTES:
            return out.getvalue()
    raise ValueError(f"larger than {MOST_BYTES} bytes even in eight colours")


if __name__ == "__main__":
    sys.exit(main())
