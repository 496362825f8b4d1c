"""``make screenshots``: the main pages of the demo county as PNG, 360 and 1280 px wide, light and dark, zh and en.

python -m tests.browser.screenshots [page …]
"""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

from brand.start import claim_trace

claim_trace()

from tests.browser.chromium import CHROMIUM, browsing  # noqa: E402
from tests.browser.county import County, served  # noqa: E402
from tests.browser.pages import pages  # noqa: E402

FOLDER = Path(__file__).resolve().parents[2] / "screenshots"


def main(wanted: list[str]) -> int:
    if CHROMIUM is None:
        print("no Chromium here: «apt-get install chromium» first")
        return 1
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as county, browsing() as browser:
        for name, who, path in pages(county):
            if not wanted or name in wanted:
                _photograph(browser, county, name, who, path)
                print(f"· {name}")
    return 0


def _photograph(browser: Any, county: County, name: str, who: str | None, path: str) -> None:
    for width, scheme, language in product((360, 1280), ("light", "dark"), ("zh", "en")):
        locale = "zh-CN" if language == "zh" else "en-GB"
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale=locale)
        if who:
            context.add_cookies([county.cookie(who)])
        page = context.new_page()
        answer = page.goto(county.address + path)
        assert answer.status < 500, f"{name}: {answer.status}"
        page.screenshot(path=str(FOLDER / f"{name}-{width}-{scheme}-{language}.png"), full_page=True)
        context.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
