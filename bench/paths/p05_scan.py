"""P5: the page of a scanned pack, served: signature, verdict, chain, scan recorded; yardstick: Flask «hello».

Both run on granian with one blocking thread. Warm: the page of the pack line is kept. The others are measured on the
service in process, its page against hello's, before each look something is forgotten:

cold – the first look at a batch, that of a day or after something happened to it: nothing is prepared of it. The
sections of the licence and of what a grade asks stand, which other batches have too.
line – the first look at a line of a batch that others looked at today (land, chain, temperatures, grades, tests and
promises are prepared once per version of it), and at any line of a licence after more labels of it were ordered.
coldest – the first look after the start of the service: only the compiled templates are kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

from bench import scan_apps
from bench.county import County, county
from bench.rounds import Contest, Path
from bench.served import fetch, server
from brand.queries import standards
from trace.queries import verification
from trace.web import pack_goods
from trace.web.pack_shelf import PAGES, Pages

_LABELS = 390
_LOOKS = 60


def _cold_ratios(town: County) -> dict[str, Any]:
    """In process: hello's time over a page's."""
    with patch.dict(os.environ, town.environment):
        service, hello = scan_apps.service(), scan_apps.hello()
    pages: Pages = service.extensions[PAGES]
    ours, theirs = service.test_client(), hello.test_client()

    def forget_the_batch() -> None:
        pages.forget()
        pages.parts.forget(lambda key: key[0] == pack_goods.TEMPLATE)

    def forget_everything() -> None:
        for kept in (pages, pages.parts):
            kept.forget()
        for remembered in (standards.TABLES, verification.CHAINS):
            remembered.clear()

    def ratio(forget: Callable[[], None]) -> float:
        times: list[tuple[float, float]] = []
        for address in town.addresses[:_LOOKS]:
            forget()
            begun = perf_counter()
            assert ours.get(address).status_code == 200
            between = perf_counter()
            theirs.get("/")
            times.append((between - begun, perf_counter() - between))
        return round(median(hello / page for page, hello in times), 4)

    found = {
        "cold_ratio": ratio(forget_the_batch),
        "cold_goal": 0.13,
        "line_ratio": ratio(pages.forget),
        "coldest_ratio": ratio(forget_everything),
    }
    service.extensions["brandtrace.parts"].close()
    return found


@contextmanager
def _enter(quick: bool) -> Iterator[Contest]:
    del quick
    with (
        county(_LABELS) as town,
        server("bench.scan_apps:service", town.environment) as ours,
        server("bench.scan_apps:hello", {}) as theirs,
    ):
        yield Contest(
            lambda count: fetch(ours, town.addresses, count),
            lambda count: fetch(theirs, ["/"], count),
            lambda: _cold_ratios(town),
        )


PATH = Path("P5", "page of a scanned pack against Flask «hello» on the same server", 0.28, 120, 1200, _enter)
