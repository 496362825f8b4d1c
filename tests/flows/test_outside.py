"""Whoever stands outside: a mirror that takes no fork, and a monitor that names the entry."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from brand.kernel.errors import AppError
from tests.crypto.key_ring import derive_test_key
from trace.cli import outside
from trace.crypto import canonical, merkle, notes
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.frontier import Frontier
from trace.crypto.log_policies import Policy
from trace.crypto.notes import ED25519, Verifier
from trace.crypto.tiles import Tile, of_size, pack_entries
from trace.rules.watching import Seen, Watch
from trace.services import log_mirror, log_monitor, log_sources

ORIGIN = "office.test.invalid/log"
KEY = derive_test_key("honest 13")
VKEY = Verifier(ORIGIN, ED25519, KEY.public)
POLICY = Policy((VKEY,))
NOW = datetime(2026, 9, 14, 1, tzinfo=UTC)
Entries = list[bytes]


def publish(folder: Path, entries: Entries, key: Any = KEY, size: int | None = None) -> Path:
    """The files of a log of these entries, its checkpoint signed by ``key``."""
    edge = Frontier()
    tiles: dict[tuple[int, int], list[bytes]] = {}
    for one in entries:
        for made in edge.add(merkle.leaf_hash(one)):
            tiles[made.level, made.index] = made.hashes
    tiles.update({(level, edge.whole[level]): hashes for level, hashes in enumerate(edge.levels) if hashes})
    for tile in of_size(len(entries)):
        path = folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        if tile.level < 0:
            path.write_bytes(pack_entries(entries[tile.start : tile.start + tile.width]))
        else:
            path.write_bytes(b"".join(tiles[tile.level, tile.index]))
    text = Checkpoint(ORIGIN, size or len(entries), edge.root()).text
    (folder / "checkpoint").write_text(notes.Note(text, (notes.sign(text, ORIGIN, key),)).written)
    return folder


def plain(count: int, salt: str = "") -> Entries:
    return [f'{{"{salt}":{one}}}'.encode() for one in range(count)]


def bring(theirs: Path, mine: Path) -> int:
    return log_mirror.bring(log_sources.source(str(theirs)), mine, POLICY)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_a_mirror_holds_byte_for_byte_what_the_log_published(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    for count in (1, 3, 255, 256, 300, 300, 600):
        theirs = publish(tmp_path / f"theirs{count}", plain(count))
        assert bring(theirs, mine) == count
        assert everything(theirs).items() <= everything(mine).items()


FORKS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "smaller": (lambda at: publish(at, plain(250)), "mirror.rolled_back"),
    "same size": (lambda at: publish(at, [*plain(299), b"{}"]), "mirror.forked"),
    "grown, last entry changed": (lambda at: publish(at, [*plain(299), b"{}", b"{}"]), "mirror.forked"),
    "grown, early entry changed": (lambda at: publish(at, [b"{}", *plain(310)[1:]]), "mirror.root_differs"),
    "all signed anew": (lambda at: publish(at, plain(310, "other")), "mirror.root_differs"),
    "a hole": (lambda at: publish(at, plain(301)[1:]), "mirror.forked"),
    "two change places": (lambda at: publish(at, [*plain(2)[::-1], *plain(310)[2:]]), "mirror.root_differs"),
    "bundle cut short": (lambda at: _cut(publish(at, plain(310))), "tiles.bundle"),
    "bundle of others": (lambda at: _swap(publish(at, plain(310))), "mirror.root_differs"),
    "another key": (lambda at: publish(at, plain(310), derive_test_key("honest 14")), "notes.no_known_signature"),
    "checkpoint of more than there is": (lambda at: publish(at, plain(310), size=400), "sources.missing"),
    "a bundle withheld": (lambda at: _hide(publish(at, plain(310))), "sources.missing"),
}  # fmt: skip


def _last(at: Path) -> Path:
    return at / Tile(-1, 1, 310 - 256).path


def _cut(at: Path) -> Path:
    _last(at).write_bytes(_last(at).read_bytes()[:-1])
    return at


def _swap(at: Path) -> Path:
    _last(at).write_bytes(pack_entries(plain(310, "x")[256:]))
    return at


def _hide(at: Path) -> Path:
    _last(at).unlink()
    return at


@pytest.mark.parametrize("trick", FORKS)
def test_a_mirror_takes_no_other_history(tmp_path: Path, trick: str) -> None:
    mine = tmp_path / "mine"
    bring(publish(tmp_path / "first", plain(300)), mine)
    before = everything(mine)
    made, code = FORKS[trick]
    with pytest.raises(AppError) as caught:
        bring(made(tmp_path / "second"), mine)
    assert caught.value.code == code
    after = everything(mine)
    evidence = [after.pop(one).decode() for one in list(after) if one.startswith("evidence/")]
    assert after == before, "the copy is what it was"
    if code.startswith("mirror."):
        (kept,) = evidence
        for folder in ("first", "second"):
            assert (tmp_path / folder / "checkpoint").read_text() in kept
        with pytest.raises(AppError):
            bring(tmp_path / "second", mine)
        assert len(list((mine / "evidence").iterdir())) == 1, "kept once"


def test_a_mirror_is_served_and_mirrored_again(tmp_path: Path) -> None:
    theirs = publish(tmp_path / "theirs", plain(300))
    server = outside.door(theirs, "127.0.0.1", 0)
    (theirs / "evidence").mkdir()
    (theirs / "evidence" / "0001.txt").write_text("not for everybody")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}"
        assert log_mirror.bring(log_sources.source(url), tmp_path / "mine", POLICY) == 300
        for hidden in ("evidence/0001.txt", "tile/", "tile/../evidence/0001.txt", "", "tile/0/000?x"):
            with pytest.raises(AppError, match=r"sources\.missing"):
                log_sources.source(url)(hidden)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Story:
    """An office's log, told entry by entry; each test bends one of them."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []
        self.at = NOW

    def tell(self, kind: str, subject: str, /, **facts: Any) -> None:
        place = len(self.said)
        before = [one["seq"] for one in self.said if one["subject"] == subject]
        told = {"v": 1, "type": kind, "subject": subject, "issuer": "office", "seq": place, "commit": "0" * 64}
        self.said.append(
            told
            | {"at": self.at.strftime("%Y-%m-%dT%H:%M:%SZ"), "facts": facts}
            | ({"prev": before[-1]} if before else {})
        )

    def entries(self) -> Entries:
        return [canonical.canonical(one) for one in self.said]

    def seen(self) -> list[tuple[str, int]]:
        watch = Watch()
        return [(one.code, one.place) for place, said in enumerate(self.said) for one in watch.look(place, said)]


WINDOW = {"not_before": "2026-07-01 00:00:00+08:00", "not_after": "2026-10-01 00:00:00+08:00"}


def honest() -> Story:
    story = Story()
    story.tell("key.add", "key:log", role="log", kid="log", public_key=KEY.public.text, thumbprint="", **WINDOW)
    story.tell("key.add", "key:k3", role="label", kid="k3", public_key="", thumbprint="", **WINDOW)
    story.at = NOW - timedelta(days=20)
    story.tell("application.notice", "application:A", number="A1", working_days=5, ends_on="2026-09-01")
    story.at = NOW - timedelta(days=12)
    story.tell("application.decide", "application:A", number="A1")
    term = {"valid_from": "2026-09-01", "valid_until": "2027-08-31"}
    story.tell("licence.grant", "licence:L", number="L1", cap_kg="100.000", **term)
    story.at = NOW
    story.tell("batch.register", "batch:B", batch="B1", licence="L1", head=3, cold_kg="60.000")
    story.tell("event", "batch:B", batch="B1", packs=80, packed_kg="40.000")
    story.tell("code.issue", "label_order:O", number="O1", batch="B1", licence="L1", packs=80, kg="40.000", kid="k3")
    return story


def test_an_honest_office_has_nothing_to_explain(tmp_path: Path) -> None:
    story = honest()
    assert story.seen() == []
    theirs = publish(tmp_path, story.entries())
    read = log_monitor.read(log_sources.source(str(theirs)), POLICY, NOW)
    assert read.seen == ()
    assert read.checkpoint.size == 8


BENT: dict[str, tuple[Callable[[Story], object], tuple[str, int]]] = {
    "a batch under no licence": (lambda s: s.said[5]["facts"].pop("licence"), ("watch.batch_without_licence", 5)),
    "a licence nobody granted": (lambda s: s.said[5]["facts"].update(licence="L9"), ("watch.batch_without_licence", 5)),
    "a licence that had not begun": (
        lambda s: s.said[4]["facts"].update(valid_from="2026-09-15"), ("watch.batch_without_licence", 5)),
    "more packed than weighed": (
        lambda s: s.said[6]["facts"].update(packed_kg="60.500"), ("watch.more_packed_than_weighed", 6)),
    "more codes than packed": (
        lambda s: s.said[7]["facts"].update(kg="40.500"), ("watch.more_codes_than_weight", 7)),
    "more than the licence allows": (lambda s: s.said[4]["facts"].update(cap_kg="39.000"), ("watch.cap_exceeded", 7)),
    "codes for unknown goods": (lambda s: s.said[7]["facts"].update(batch="B9"), ("watch.batch_unknown", 7)),
    "a key nobody told of": (lambda s: s.said[7]["facts"].update(kid="k9"), ("watch.key_outside_window", 7)),
    "a key before its window": (
        lambda s: s.said[1]["facts"].update(not_before="2026-09-15 00:00:00+08:00"), ("watch.key_outside_window", 7)),
    "a key after its window": (
        lambda s: s.said[1]["facts"].update(not_after="2026-09-14 00:00:00+08:00"), ("watch.key_outside_window", 7)),
    "a notice of four days": (lambda s: s.said[2]["facts"].update(working_days=4), ("watch.notice_short", 2)),
    "a notice that ends early": (lambda s: s.said[2]["facts"].update(ends_on="2026-08-31"), ("watch.notice_short", 2)),
    "a grant during the notice": (
        lambda s: s.said[3].update(at="2026-09-01T09:00:00Z"), ("watch.decided_before_notice", 3)),
    "a grant without a notice": (
        lambda s: s.said[3].update(subject="application:X"), ("watch.decided_before_notice", 3)),
    "a number left out": (lambda s: s.said[7].update(seq=9), ("watch.order", 7)),
    "a trail that skips an act": (lambda s: s.said[6].pop("prev"), ("watch.order", 6)),
    "figures nobody can read": (lambda s: s.said[7]["facts"].update(kg="much"), ("watch.unreadable", 7)),
}  # fmt: skip


@pytest.mark.parametrize("trick", BENT)
def test_a_monitor_names_the_entry(trick: str) -> None:
    bend, named = BENT[trick]
    story = honest()
    bend(story)
    assert named in story.seen()


def test_sanctions_retired_keys_and_what_was_taken_back() -> None:
    story = honest()
    story.tell("licence.suspend", "licence:L", number="L1", reason_code="x")
    story.tell("batch.register", "batch:C", batch="C1", licence="L1", head=1, cold_kg="20.000")
    story.tell("licence.reinstate", "licence:L", number="L1", reason_code="x")
    story.tell("correction", "operation:P", undoes="P0", kg="40.000", kind="pack", batches=["B1"])
    story.tell("event", "batch:B", batch="B1", packs=90, packed_kg="45.000")
    story.tell("key.retire", "key:k3", role="label", kid="k3", thumbprint="")
    story.tell("code.issue", "label_order:P", number="P1", batch="B1", licence="L1", packs=10, kg="5.000", kid="k3")
    assert story.seen() == [("watch.batch_without_licence", 9), ("watch.key_outside_window", 14)]


def test_the_command_leaves_with_status_1_and_keeps_its_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRANDTRACE_LANGUAGE", "en")
    monkeypatch.setattr("brand.kernel.clock.now", lambda: NOW)
    story, kept = honest(), tmp_path / "monitor.json"
    for bend, status in ((None, 0), ("a notice of four days", 1)):
        if bend:
            BENT[bend][0](story)
        theirs = publish(tmp_path / "log", story.entries())
        run = CliRunner().invoke(outside.monitor, [str(theirs), "--vkey", VKEY.text, "--keep", str(kept)])
        assert run.exit_code == status, run.output
        told = json.loads(kept.read_text())
        assert (told["size"], told["wrong"], told["first"]) == (8, status, 2 if bend else None)
    (line,) = run.stdout.splitlines()
    assert json.loads(line)["entry"] == 2
    assert "shorter than the rule" in line
    story.said[4]["facts"]["cap_kg"] = "999999.000"  # the entry is edited, the checkpoint is the old one
    data = pack_entries(story.entries())
    (theirs / Tile(-1, 0, 8).path).write_bytes(data)
    read = log_monitor.read(log_sources.source(str(theirs)), POLICY, NOW)
    assert Seen("watch.root_differs", 7) in read.seen
    late = log_monitor.read(log_sources.source(str(theirs)), POLICY, NOW + timedelta(days=30))
    assert "watch.log_key_outside_window" in {one.code for one in late.seen}
    nobody = CliRunner().invoke(outside.monitor, [str(theirs)])
    assert nobody.exit_code == 2
