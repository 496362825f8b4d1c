"""P1: QR symbols of a label run, 134 bytes each, level M; yardstick: one `qrcode` matrix after the other."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from contextlib import contextmanager

import qrcode

from bench.rounds import Contest, Path
from trace.formats.qr_symbols import encode_symbols

_KINDS = 4096


def _addresses() -> list[str]:
    chance = random.Random(1)
    signatures = (base64.urlsafe_b64encode(chance.randbytes(64)).decode().rstrip("=") for _ in range(_KINDS))
    return [f"https://trace.example.cn/u/7K3M9QXW/{n:06}?s=a7.{text}" for n, text in enumerate(signatures)]


@contextmanager
def _enter(quick: bool) -> Iterator[Contest]:
    del quick
    addresses = _addresses()

    def ours(count: int) -> None:
        for start in range(0, count, _KINDS):
            encode_symbols(addresses[: min(_KINDS, count - start)])

    def yardstick(count: int) -> None:
        for address in addresses[:count]:
            code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
            code.add_data(address)
            code.make()
            code.get_matrix()

    yield Contest(ours, yardstick)


PATH = Path("P1", "symbols of a label run against qrcode", 200, 2048, 16, _enter)
