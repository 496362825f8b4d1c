"""G36: codes nobody issued against codes of others: how long the answer takes shall not tell the one from the other.

Asked of the whole service in process, both kinds by turns: codes of this registry's form under a key of ours that
nobody issued, and codes of a key nobody has heard of. A ratio of 1 is the aim; the goal leaves room for the machine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

from flask.testing import FlaskClient

from bench import scan_apps
from bench.county import county
from bench.rounds import Contest, Path
from trace.crypto.label_codes import fresh_batch_code, fresh_serials

_PAIRS = 400


def _asking(client: FlaskClient, addresses: list[str]) -> Callable[[int], None]:
    turn = cycle(addresses)

    def ask(count: int) -> None:
        for _ in range(count):
            assert client.get(next(turn)).status_code == 200

    return ask


def _median_gap(client: FlaskClient, unknown: list[str], foreign: list[str]) -> dict[str, Any]:
    """Between answers taken by turns, each kind first in half of the pairs."""
    gaps = []
    for place in range(_PAIRS):
        pair = (unknown[place % len(unknown)], foreign[place % len(foreign)])
        times = {}
        for address in pair if place % 2 else reversed(pair):
            begun = perf_counter()
            client.get(address)
            times[address] = perf_counter() - begun
        gaps.append(times[pair[0]] - times[pair[1]])
    return {"median_gap_us": round(median(gaps) * 1e6, 1), "median_gap_goal_us": 5000}


@contextmanager
def _enter(quick: bool) -> Iterator[Contest]:
    del quick
    with county(20) as town:
        off = {"BRANDTRACE_LIMITS_ENABLED": "false"}
        with patch.dict(os.environ, town.environment | off):
            service = scan_apps.service()
        client = service.test_client()
        signed = town.addresses[0].partition("?s=")[2]
        kid, _, signature = signed.partition(".")
        unknown = [f"/u/{town.batch.code}/{one}?s={kid}.{signature}" for one in fresh_serials(50)]
        foreign = [f"/u/{fresh_batch_code()}/{one}?s=zz9.{signature}" for one in fresh_serials(50)]
        yield Contest(_asking(client, unknown), _asking(client, foreign), lambda: _median_gap(client, unknown, foreign))
        service.extensions["brandtrace.parts"].close()


PATH = Path("G36", "codes nobody issued against codes of an unheard-of key: the same work", 0.8, 40, 400, _enter)
