"""P5: the page of a scanned pack, served: signature, verdict, chain, scan recorded; yardstick: Flask «hello».

Both run on granian with one blocking thread. Warm: the story of the pack line is kept. Cold: nothing is kept, not even
the compiled template's output, because every batch is seen for the first time; measured on the service in process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

from bench import scan_apps
from bench.county import County, county
from bench.rounds import Contest, Path
from bench.served import fetch, server

_LABELS = 390


def _cold_ratio(town: County) -> dict[str, Any]:
    """In process: hello's time over a page's, with the kept pages thrown away before each."""
    with patch.dict(os.environ, town.environment):
        service, hello = scan_apps.service(), scan_apps.hello()
    pages = service.extensions["brandtrace.pages"]
    ours, theirs = service.test_client(), hello.test_client()
    times: list[tuple[float, float]] = []
    for address in town.addresses[:60]:
        pages.forget()
        begun = perf_counter()
        assert ours.get(address).status_code == 200
        between = perf_counter()
        theirs.get("/")
        times.append((between - begun, perf_counter() - between))
    service.extensions["brandtrace.parts"].close()
    return {"cold_ratio": round(median(hello / page for page, hello in times), 4), "cold_goal": 0.13}


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
            lambda: _cold_ratio(town),
        )


PATH = Path("P5", "page of a scanned pack against Flask «hello» on the same server", 0.28, 120, 1200, _enter)
