"""A load run of scans: ``python -m bench.load``; rates and percentiles of the service as ``brandtrace serve`` runs it.

Several clients, each a process with one connection, ask one page after the other for a while: nine of ten of signed
packs, the tenth of codes nobody issued, of another registry's key, and of text that is no code. Client and server share
the machine, so absolute figures say most about it; errors, and how far p99 lies from p50, say something about us.
Limits on trying codes are off, because all clients have one address.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from multiprocessing import get_context
from pathlib import Path

from bench.county import county
from bench.served import free_port, wait
from trace.crypto.label_codes import fresh_batch_code, fresh_serials

_ROOT = Path(__file__).resolve().parents[1]
_LABELS = 390
#: Of a hundred looks this many are at labels of ours, and the rest at what an office's server gets to see besides.
_OURS = 90


def _others(own: str, count: int) -> list[str]:
    """Addresses that are no label of ours: never issued, of a key nobody has heard of, no code at all."""
    path, _, tail = own.partition("?")
    batch = path.split("/")[2]
    never = [f"/u/{batch}/{one}?{tail}" for one in fresh_serials(count)]
    foreign = [f"/u/{fresh_batch_code()}/{one}?s=zz9.{tail.partition('.')[2]}" for one in fresh_serials(count)]
    return [*never, *foreign, "/u/%00", "/u/ABC/DEF?s=1", f"/u/{batch}"]


def _client(port: int, addresses: list[str], others: list[str], seconds: float, seed: int) -> tuple[list[float], dict]:
    """Milliseconds of each answer, and how often each status came; anything but an answer counts as ``lost``."""
    dice = random.Random(seed)
    took: list[float] = []
    statuses: Counter[str] = Counter()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        address = dice.choice(addresses if dice.randrange(100) < _OURS else others)
        begun = time.perf_counter()
        try:
            line.request("GET", address, headers={"User-Agent": f"telephone {dice.randrange(10_000)}"})
            answer = line.getresponse()
            answer.read()
            statuses[str(answer.status)] += 1
        except (OSError, http.client.HTTPException):
            statuses["lost"] += 1
            line.close()
        took.append((time.perf_counter() - begun) * 1000)
    return took, dict(statuses)


def _told(took: list[float], statuses: Counter[str], seconds: float, clients: int) -> dict[str, object]:
    ordered = sorted(took)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2)

    return {
        "clients": clients,
        "seconds": seconds,
        "looks": len(took),
        "per_second": round(len(took) / seconds, 1),
        "p50_ms": at(0.50),
        "p95_ms": at(0.95),
        "p99_ms": at(0.99),
        "worst_ms": at(1.0),
        "statuses": dict(sorted(statuses.items())),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 4, 16], help="one run for each number")
    chosen = parser.parse_args()
    failed = 0
    with county(_LABELS) as town:
        port = free_port()
        command = [sys.executable, "-c", "from brand.start import main; main()", "serve", "--port", str(port)]
        environment = {**os.environ, **town.environment, "BRANDTRACE_LIMITS_ENABLED": "false"}
        server = subprocess.Popen(command, cwd=_ROOT, env=environment, stderr=subprocess.DEVNULL)
        try:
            wait(port)
            others = _others(town.addresses[0], 50)
            for clients in chosen.clients:
                given = [(port, town.addresses, others, chosen.seconds, one) for one in range(clients)]
                with get_context("spawn").Pool(clients) as pool:
                    runs = pool.starmap(_client, given)
                took = [one for times, _ in runs for one in times]
                statuses: Counter[str] = Counter()
                for _, counted in runs:
                    statuses.update(counted)
                failed += sum(count for status, count in statuses.items() if status not in ("200", "400", "404"))
                print(json.dumps(_told(took, statuses, chosen.seconds, clients)), flush=True)
        finally:
            server.terminate()
            server.wait(timeout=30)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
