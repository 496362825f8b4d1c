"""Tiles against a tree built leaf by leaf: paths, what a size has, and proofs that the checkers accept."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from trace.crypto import merkle, tiles
from trace.crypto.tiles import WIDTH, Tile, Tree

#: A tree of 70,000 entries: three levels of tiles, the example of the specification.
MOST = 70_000
LEAVES = [merkle.leaf_hash(b"%d" % at) for at in range(MOST)]
LEVELS = [LEAVES]
while len(LEVELS[-1]) >= WIDTH:
    below = LEVELS[-1]
    LEVELS.append([merkle.root(below[at : at + WIDTH]) for at in range(0, len(below) - WIDTH + 1, WIDTH)])
EDGES = (1, 2, 3, 255, 256, 257, 511, 513, 65_535, 65_536, 65_537, MOST)
sizes = st.one_of(st.sampled_from(EDGES), st.integers(1, MOST))


def fetch(wanted: Tile) -> bytes:
    return b"".join(LEVELS[wanted.level][wanted.start : wanted.start + wanted.width])


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(1, 1, 17), "tile/1/001.p/17"),
        (Tile(-1, 273, 112), "tile/entries/273.p/112"),
        (Tile(63, 999_999), "tile/63/x999/999"),
    ],
)
def test_paths_of_the_specification(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert tiles.parse_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "", "tile/0", "tile/0/", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/0/0", "tile/0/0000", "tile/0/x000",
        "tile/0/x000/000", "tile/0/001/002", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/",
        "tile/0/000/", "tile/entries/x000/001", "tile/0/000.p/1/2", "tile/0/٠٠٠", "TILE/0/000", "tile/0/000\n",
        "tile/0/x000/x000/x000/x000/x000/x000/x000/001",
    ],
)  # fmt: skip
def test_every_other_spelling_is_refused(path: str) -> None:
    with pytest.raises(AppError, match=r"tiles\.path"):
        tiles.parse_path(path)


def test_what_a_tree_of_seventy_thousand_has() -> None:
    found = list(tiles.of_size(MOST))
    partial = [(one.level, one.index, one.width) for one in found if one.width < WIDTH]
    assert partial == [(-1, 273, 112), (0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert sum(one.level == 0 and one.width == WIDTH for one in found) == 273
    assert [one.path for one in tiles.of_size(256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(tiles.of_size(0)) == []


@given(sizes, sizes)
@example(256, 255)
def test_what_is_new_and_what_was_are_all_there_is(one: int, other: int) -> None:
    size, since = max(one, other), min(one, other)
    now, before = ({tile.path for tile in tiles.of_size(count)} for count in (size, since))
    new = {tile.path for tile in tiles.of_size(size, since)}
    assert new <= now
    assert now - new <= before


@given(sizes, st.data())
def test_proofs_are_those_the_checkers_accept(size: int, data: st.DataObject) -> None:
    tree = Tree(size, fetch)
    root = tree.root()
    assert root == merkle.root(LEAVES[:size])
    index = data.draw(st.integers(0, size - 1))
    merkle.check_inclusion(LEAVES[index], index, size, tree.inclusion(index), root)
    old = data.draw(st.integers(1, size))
    merkle.check_consistency(old, size, merkle.root(LEAVES[:old]), root, tree.consistency(old))


def test_what_no_tree_can_prove() -> None:
    tree = Tree(5, fetch)
    for call, wrong, code in (
        (tree.inclusion, (-1, 5), "merkle.index"),
        (tree.consistency, (0, 6), "merkle.old_size"),
    ):
        for value in wrong:
            with pytest.raises(AppError, match=code):
                call(value)
    assert Tree(0, fetch).root() == merkle.EMPTY_ROOT


def test_a_truncated_tile_is_refused() -> None:
    with pytest.raises(AppError, match=r"tiles\.tile_size"):
        Tree(300, lambda wanted: fetch(wanted)[:-1]).root()


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20))
def test_bundles_come_back_and_cut_ones_do_not(entries: list[bytes]) -> None:
    data = tiles.pack_entries(entries)
    assert tiles.unpack_entries(data, len(entries)) == entries
    for broken, width in ((data[:-1], len(entries)), (data + b"\0", len(entries)), (data, len(entries) + 1)):
        with pytest.raises(AppError, match=r"tiles\.bundle"):
            tiles.unpack_entries(broken, width)


def test_an_entry_has_room_for_sixteen_bits_of_length() -> None:
    assert tiles.pack_entries([b"x" * tiles.LONGEST_ENTRY])[:2] == b"\xff\xff"
    with pytest.raises(AppError, match=r"tiles\.entry_too_long"):
        tiles.pack_entries([b"x" * (tiles.LONGEST_ENTRY + 1)])
