"""The design gallery: the templates and parts with example contexts, under the real CSP, photographed, run through axe.

python -m tests.browser.gallery [page …]

writes screenshots/gallery/<page>-<width>-<light|dark>-<zh|en>.png and ends with 1 on any violation.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, select_autoescape

from brand.kernel import texts
from tests.browser import gallery_contexts as contexts

ROOT = Path(__file__).parents[2]
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PAGES: dict[str, tuple[str, Callable[[str], contexts.Context]]] = {
    "unit": ("scan/unit.html", contexts.unit),
    "unit-amber": ("scan/unit.html", partial(contexts.unit, colour="amber")),
    "refused": ("scan/refused.html", contexts.refused),
    "home": ("home.html", contexts.home),
    "error": ("error.html", contexts.error),
    "desk": ("gallery/desk.html", contexts.desk),
    "list": ("gallery/list.html", contexts.listing),
    "form": ("gallery/form.html", contexts.form),
    "detail": ("gallery/detail.html", contexts.detail),
    "paper": ("gallery/paper.html", contexts.listing),
}


def environment(lang: str) -> Environment:
    """A Jinja environment like the service's own, without the service."""
    env = Environment(
        loader=ChoiceLoader(
            [
                FileSystemLoader(ROOT / "templates"),
                PrefixLoader({"gallery": FileSystemLoader(Path(__file__).parent / "gallery_pages")}),
            ]
        ),
        autoescape=select_autoescape(default=True),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(
        _=partial(texts.say, lang),
        url_for=lambda _, filename: f"/static/{filename}",
        csrf_token=lambda: "example-token",
        get_flashed_messages=lambda **_: [],
    )
    return env


def render(page: str, lang: str) -> str:
    template, context = PAGES[page]
    return environment(lang).get_template(template).render(context(lang) | {"lang": lang})


class Door(SimpleHTTPRequestHandler):
    """Serves /page/<name>?lang= and /static/… with the policy the service sends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, directory=str(ROOT), **kwargs)

    def log_message(self, format: str, *args: Any) -> None:
        return

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if not address.path.startswith("/page/"):
            super().do_GET()
            return
        lang = parse_qs(address.query).get("lang", ["zh"])[0]
        body = render(address.path.removeprefix("/page/"), lang).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", CSP)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def browsing() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def complaints(page: Any) -> list[str]:
    """What axe, the policy and a sideways scroll bar have against a page."""
    from axe_playwright_python.sync_playwright import Axe

    found = [
        f"{v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0]['failureSummary'][:300]}"
        for v in Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found


def look(browser: Any, address: str, name: str, width: int, scheme: str, lang: str, folder: Path | None) -> list[str]:
    """Open one page as one reader; photograph it into ``folder``; return the complaints."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=False)
    try:
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(f"{address}/page/{name}?lang={lang}")
        if folder is not None:
            page.screenshot(path=str(folder / f"{name}-{width}-{scheme}-{lang}.png"), full_page=True)
        return said + complaints(page)
    finally:
        context.close()


def main(names: list[str]) -> int:
    folder = ROOT / "screenshots" / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with serving() as address, browsing() as browser:
        for name in names or PAGES:
            for width in (360, 1280):
                for scheme in ("light", "dark"):
                    for lang in ("zh", "en"):
                        for complaint in look(browser, address, name, width, scheme, lang, folder):
                            wrong += 1
                            print(f"{name} {width} {scheme} {lang}: {complaint}")
    print(f"{len(names or PAGES)} pages, {wrong} complaints")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
