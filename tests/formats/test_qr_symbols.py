"""The batched encoder against a reference encoder, a plain reading of the penalty rules, and an independent reader."""

from __future__ import annotations

import random
import re
from io import BytesIO
from itertools import groupby

import numpy as np
import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode import util

from brand.kernel.errors import AppError
from trace.formats.qr_penalties import penalties
from trace.formats.qr_symbols import BATCH, encode_symbols, smallest_version
from trace.formats.qr_tables import MASKS, Level, Modules, capacity, size_of
from trace.formats.symbol_check import decode_check
from trace.formats.symbol_pictures import symbol_png, symbol_svg

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghijklmnopqrstuvwxyz:/?=._-~%&+$#@! ,;'()*<>{}|\\^`\"[]"
CORRECTION = {Level.M: qrcode.constants.ERROR_CORRECT_M, Level.Q: qrcode.constants.ERROR_CORRECT_Q}
EVERY_SYMBOL = [(version, level) for version in range(1, 12) for level in Level]


def some_text(length: int, seed: int) -> str:
    return "".join(random.Random(seed).choices(ALPHABET, k=length))


def reference(text: str, version: int, level: Level, mask: int) -> Modules:
    code = qrcode.QRCode(version=version, error_correction=CORRECTION[level], border=0, mask_pattern=mask)
    code.add_data(util.QRData(text.encode(), mode=util.MODE_8BIT_BYTE))
    code.make(fit=False)
    return np.array(code.get_matrix(), dtype=bool)


def plain_penalty(modules: Modules) -> int:
    """ISO/IEC 18004 Table 11, rule by rule, as slowly as it reads."""
    size = len(modules)
    lines = ["".join("1" if dark else "0" for dark in line) for line in [*modules, *modules.T]]
    runs = sum(len(run) - 2 for line in lines for _, group in groupby(line) if len(run := list(group)) >= 5)
    finders = sum(
        line[start : start + 11] in ("10111010000", "00001011101") for line in lines for start in range(size - 10)
    )
    squares = sum(
        len({modules[r, c], modules[r + 1, c], modules[r, c + 1], modules[r + 1, c + 1]}) == 1
        for r in range(size - 1)
        for c in range(size - 1)
    )
    share = 100 * int(modules.sum()) / size**2
    return runs + 3 * squares + 40 * finders + 10 * int(abs(share - 50) // 5)


def scored(symbols: Modules) -> list[int]:
    """Our points for ``(n, size, size)`` symbols."""
    size = symbols.shape[-1]
    weights = np.uint64(1) << np.arange(size, dtype=np.uint64)
    words = np.where(symbols, weights, np.uint64(0)).sum(axis=-1, dtype=np.uint64)
    return penalties(np.ascontiguousarray(words.T), size).tolist()


@pytest.mark.parametrize(("version", "level"), EVERY_SYMBOL)
def test_equals_the_reference_for_every_mask(version: int, level: Level) -> None:
    for mask in range(MASKS):
        length = capacity(version, level) - mask
        text = some_text(length, version * 8 + mask)
        ours = encode_symbols([text], level, at_least=version, mask=mask)
        assert np.array_equal(ours[0], reference(text, version, level, mask))


@pytest.mark.parametrize(("version", "level"), EVERY_SYMBOL)
def test_chooses_the_mask_with_the_fewest_points_and_reads_back(version: int, level: Level) -> None:
    text = some_text(capacity(version, level), version)
    masked = [encode_symbols([text], level, mask=mask)[0] for mask in range(MASKS)]
    points = [plain_penalty(symbol) for symbol in masked]
    assert scored(np.array(masked)) == points
    chosen = encode_symbols([text], level)
    assert np.array_equal(chosen[0], masked[points.index(min(points))])
    decode_check(chosen, [text])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 11), st.sampled_from([0.1, 0.5, 0.9]))
def test_points_of_any_drawing(seed: int, version: int, share: float) -> None:
    size = size_of(version)
    drawings = np.random.default_rng(seed).random((2, size, size)) < share
    # Long runs and finder-like rows are rare by chance: draw some.
    drawings[1, size // 2] = drawings[1, :, 3] = False
    drawings[1, 4, :7] = drawings[1, -7:, 2] = [True, False, True, True, True, False, True]
    assert scored(drawings) == [plain_penalty(drawing) for drawing in drawings]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet=ALPHABET, min_size=1, max_size=150), min_size=1, max_size=8), st.sampled_from(Level))
def test_every_symbol_of_a_run_reads_back(texts: list[str], level: Level) -> None:
    symbols = encode_symbols(texts, level)
    version = smallest_version(max(map(len, texts)), level)
    assert symbols.shape == (len(texts), size_of(version), size_of(version))
    decode_check(symbols, texts)


def test_a_symbol_does_not_depend_on_its_neighbours() -> None:
    texts = [some_text(120, seed) for seed in range(BATCH + 44)]
    together = encode_symbols(texts)
    for place in (0, 127, 128, BATCH - 1, BATCH, len(texts) - 1):
        assert np.array_equal(together[place], encode_symbols([texts[place]])[0])


@pytest.mark.parametrize(("version", "level"), EVERY_SYMBOL)
def test_the_smallest_version_is_taken(version: int, level: Level) -> None:
    limit = capacity(version, level)
    assert smallest_version(limit, level) == version
    if version < 11:
        assert smallest_version(limit + 1, level) == version + 1


def test_sizes_known_from_the_standard() -> None:
    medium = [capacity(version, Level.M) for version in range(4, 11)]
    quartile = [capacity(version, Level.Q) for version in range(4, 11)]
    assert medium == [62, 84, 106, 122, 152, 180, 213]
    assert quartile == [46, 60, 74, 86, 108, 130, 151]


def test_refusals() -> None:
    with pytest.raises(AppError) as refusal:
        encode_symbols(["short", "x" * 252])
    assert (refusal.value.code, refusal.value.params) == ("labels.text_too_long", {"length": 252, "limit": 251})
    with pytest.raises(AppError) as refusal:
        encode_symbols(["https://例.cn/u/1"])
    assert refusal.value.code == "labels.text_not_ascii"
    assert encode_symbols([]).shape == (0, 21, 21)


def test_the_check_goes_red() -> None:
    texts = [some_text(130, 1), some_text(130, 2)]
    symbols = encode_symbols(texts)
    damaged = symbols.copy()
    damaged[1, 9:-9, 9:-9] ^= True
    for drawn, said in ((damaged, texts), (symbols, texts[::-1]), (symbols, [texts[0], texts[1] + "x"])):
        with pytest.raises(AppError) as refusal:
            decode_check(drawn, said)
        assert refusal.value.code == "labels.symbol_unreadable"


def test_pictures_show_the_same_symbol() -> None:
    text = "https://trace.example.cn/u/7K3M9QXW/0123456789ABCDEF"
    expected = np.pad(encode_symbols([text])[0], 4)
    drawn = np.zeros_like(expected)
    svg = symbol_svg(text)
    column = row = 0
    for move, x, y, stroke, leap in re.findall(r"(M)(\d+) (\d+)\.5|h(\d+)|m(\d+) 0", svg.partition("#000")[2]):
        if move:
            column, row = int(x), int(y)
        elif stroke:
            drawn[row, column : column + int(stroke)] = True
        column += int(stroke or leap or 0)
    assert np.array_equal(drawn, expected)
    assert f'viewBox="0 0 {len(expected)} {len(expected)}"' in svg
    picture = Image.open(BytesIO(symbol_png(text, 3)))
    assert picture.size == (len(expected) * 3, len(expected) * 3)
    read = zxingcpp.read_barcode(picture.convert("L"))
    assert read is not None
    assert read.text == text
