"""G27: is this pack withdrawn, asked of the list on a telephone; the yardstick is the goal, ten milliseconds a look-up.

A million withdrawn labels among ten million that were issued, in batches of ten thousand, as one list would carry them;
the look-up begins with the entry's text, as the telephone keeps it. ``browser_ms`` is the same look-up by the page's
own script in Chromium (99 of 100 are faster), where one is installed. Goal: at most 5 MB and 10 ms.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path as Folder
from threading import Thread
from time import perf_counter, sleep
from typing import Any

from bench.rounds import Contest, Path
from trace.crypto import serial_sets
from trace.crypto.canonical import canonical
from trace.crypto.label_codes import fresh_batch_code, fresh_serials

REVOKED, PER_BATCH, SHARE = 1_000_000, 10_000, 10
LOOK_UPS = 200
_ALLOWED = 0.010
_STATIC = Folder(__file__).resolve().parents[2]
_ASK = """async ({entries, asked}) => {
  const {holds} = await import("/static/js/inspector/lists.js");
  const times = asked.map(([code, serial]) => {
    const start = performance.now();
    const found = holds(JSON.parse(entries[code]).void, serial);
    return [performance.now() - start, found];
  });
  times.sort((one, other) => one[0] - other[0]);
  const at = (share) => times[Math.floor((times.length - 1) * share)][0];
  return {late: at(0.99), median: at(0.5), held: times.filter((one) => one[1]).length};
}"""


@contextmanager
def enter(quick: bool) -> Iterator[Contest]:
    revoked = REVOKED // 10 if quick else REVOKED
    entries, samples = _lists(revoked)
    members = list(samples.items())

    def ours(count: int) -> int:
        found = 0
        for place in range(count):
            code, serials = members[place % len(members)]
            found += serial_sets.holds(json.loads(entries[code])["void"], serials[place % len(serials)])
        return found

    def further() -> dict[str, Any]:
        size = sum(len(one.encode()) + 1 for one in entries.values())
        told = {"revoked": revoked, "bytes": size, "bytes_per_serial": round(size / revoked, 2)}
        whole = {"megabytes_at_a_million": round(size / revoked, 2)}
        return told | whole | _in_browser(entries, samples)

    yield Contest(ours, lambda count: sleep(_ALLOWED * count), further)


def _lists(revoked: int) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Entries by code as the list carries them, and some withdrawn serials of each batch to ask for."""
    entries, samples, each = {}, {}, PER_BATCH // SHARE
    for _ in range(revoked // each):
        serials, code = fresh_serials(PER_BATCH), fresh_batch_code()
        void = serial_sets.encode(serials[:each], serials[each:])
        entry = {"batch": code, "licence": "L2026-0001", "kids": ["abc"], "recalled": "", "held": False}
        entries[code] = canonical(entry | {"void": void, "idle": None}).decode()
        samples[code] = serials[: each : each // 5]
    return entries, samples


def _in_browser(entries: dict[str, str], samples: dict[str, list[str]]) -> dict[str, Any]:
    chromium = next((one for one in map(shutil.which, ("chromium", "google-chrome")) if one), None)
    if chromium is None:
        return {"browser_ms": None}
    from playwright.sync_api import sync_playwright

    asked = [(code, serial) for code, serials in samples.items() for serial in serials][:LOOK_UPS]
    wanted = {code: entries[code] for code, _ in asked}
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(_STATIC)))
    Thread(target=server.serve_forever, daemon=True).start()
    start = perf_counter()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/static/img/mark.svg")
            found = page.evaluate(_ASK, {"entries": wanted, "asked": asked})
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
    assert found["held"] == len(asked)
    timed = {"browser_ms": round(found["late"], 2), "browser_median_ms": round(found["median"], 3)}
    return timed | {"browser_seconds": round(perf_counter() - start, 1)}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """A line per request says nothing here."""


PATH = Path("G27", "withdrawn labels on a telephone: one look-up", 1.0, LOOK_UPS, 20, enter)
