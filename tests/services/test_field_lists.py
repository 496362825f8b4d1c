"""Lists for telephones: what stands against each pack, only what changed, never an older one, and exact."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlmodel import Session, col, func, select

from brand.kernel.db import Database
from brand.kernel.public_acts import PUBLIC
from tests import make
from tests.people import ABATTOIR, CLERK, PRODUCER
from tests.phone import ORIGIN, Phone
from tests.services.test_field_devices import by, code_of, enrolled
from trace.crypto import serial_sets
from trace.crypto.readings import read_address
from trace.models.batches import Batch, PackLine
from trace.models.field_devices import FieldDevice
from trace.models.field_lists import FieldList
from trace.models.labels import Label, LabelOrder
from trace.queries import field_lists as reads
from trace.queries import log as log_reads
from trace.queries.verification import verify
from trace.rules.containers import ContainerKind
from trace.rules.field_lists import MOST_KEPT, OVERTAKING, change
from trace.rules.labels import VoidReason
from trace.rules.verdicts import Colour
from trace.services import (
    batch_tags,
    container_tags,
    containers,
    field_devices,
    field_lists,
    holds,
    key_steps,
    label_stops,
    labels,
    log,
)
from trace.services.containers import Filling

pytestmark = pytest.mark.packed


@pytest.fixture
def session(database: Database):
    with database.writing() as opened:
        yield opened


@pytest.fixture
def office():
    return make.an_office_signer()


def fetch(session: Session, office, phone: Phone, **later: float) -> dict:
    """What the door does."""
    work = make.work(session, now=make.MONDAY + timedelta(**later))
    device = session.get_one(FieldDevice, phone.device)
    session.refresh(device)
    named = field_devices.in_the_name_of(work, device)
    found = field_lists.fresh(named, device)
    if found is None:
        composed = reads.compose(session, work.today, device.days, device.licences)
        found = field_lists.publish(named, office, make.ORIGIN, device, composed, work.now)
    handed = field_lists.hand_out(named, device, found, phone.head.get("version", 0))
    one = handed.list
    told = {"head": one.head, "kid": one.kid, "signature": one.signature, "keys": reads.office_keys(session)}
    return told | {"since": handed.since, "entries": list(handed.change.entries), "gone": list(handed.change.gone)}


def serials(session: Session, state: str) -> set[str]:
    return set(session.exec(select(Label.serial).where(Label.state == state)))


def test_every_label_is_told_as_it_is(session, office, tmp_path):
    signer = make.a_signer(tmp_path)
    order = make.an_order(make.work(session), signer, packs=60, activated=False)
    labels.activate(by(session, PRODUCER), order.id, first=1, last=40)
    session.refresh(order)
    labels.void(by(session, PRODUCER), order.id, first=31, last=50, reason=VoidReason.SPOILT, version=order.version)
    phone = enrolled(session)
    phone.take(fetch(session, office, phone))
    code = session.exec(select(Batch.code)).one()
    for state, void, idle in (("activated", False, False), ("void", True, False), ("issued", False, True)):
        for serial in serials(session, state):
            assert (phone.finds("void", code, serial), phone.finds("idle", code, serial)) == (void, idle)
    entry = json.loads(phone.entries[code])
    assert entry["kids"] == [order.kid]
    assert entry["lines"][0]["cut"] == "法式羊肋脊排"
    assert (entry["lines"][0]["net_kg"], entry["producer"]["en"]) == ("0.5", "Demo Sheep Cooperative")
    key = phone.head["keys"][order.kid]
    assert (key["state"], key["licences"]) == ("active", [entry["licence"]])
    assert phone.head["licences"][entry["licence"]]["today"] == {"status": "valid", "halt": None}
    assert phone.head["good_until"] == "2026-09-21T01:00:00+00:00"


def test_only_the_difference_is_sent_and_a_lost_beginning_means_everything(session, office, tmp_path):
    order = make.an_order(make.work(session), make.a_signer(tmp_path), packs=5)
    phone = enrolled(session)
    first = fetch(session, office, phone)
    phone.take(first)
    assert fetch(session, office, phone)["head"] == first["head"], "a fresh list serves again"
    same = fetch(session, office, phone, hours=1)
    assert (same["since"], same["entries"], same["gone"]) == (phone.head["version"], [], [])
    phone.take(same)
    session.refresh(order)
    labels.void(by(session, PRODUCER), order.id, first=5, last=5, reason=VoidReason.LOST, version=order.version)
    changed = fetch(session, office, phone, hours=2)
    assert (changed["since"], len(changed["entries"])) == (phone.head["version"], 1)
    phone.take(changed)
    assert phone.finds("void", session.exec(select(Batch.code)).one(), *serials(session, "void"))
    phone.head["version"] = 999
    assert fetch(session, office, phone, hours=3)["since"] == 0


def test_what_was_withdrawn_a_minute_ago_is_on_the_list_of_the_next_fetch(session, office, tmp_path):
    order = make.an_order(make.work(session), make.a_signer(tmp_path), packs=5)
    phone = enrolled(session)
    phone.take(fetch(session, office, phone))
    later = make.work(session, make.actor(session, CLERK), now=make.MONDAY + timedelta(minutes=1))
    label_stops.place(later, scope="order", name=order.number, reason_code="leaked")
    told = fetch(session, office, phone, minutes=2)
    assert (told["since"], len(told["entries"])) == (phone.head["version"], 1)
    phone.take(told)
    assert fetch(session, office, phone, minutes=3)["head"] == told["head"], "and serves again"
    assert set(PUBLIC) >= OVERTAKING


def test_versions_only_grow_and_few_are_kept(session, office, tmp_path):
    make.an_order(make.work(session), make.a_signer(tmp_path), packs=5)
    phone, other = enrolled(session), enrolled(session, days=7)
    versions = []
    for hour in range(MOST_KEPT + 3):
        for one in (phone, other):
            one.take(fetch(session, office, one, hours=hour))
            versions.append(one.head["version"])
    assert versions == sorted(set(versions))
    assert session.exec(select(func.count()).select_from(FieldList)).one() == 2 * MOST_KEPT
    devices = session.exec(select(FieldDevice.list_version).order_by(col(FieldDevice.list_version))).all()
    assert list(devices) == versions[-2:]


def test_what_was_read_earlier_never_gets_the_higher_version(session, office, tmp_path):
    make.an_order(make.work(session), make.a_signer(tmp_path), packs=5)
    phone = enrolled(session)
    device = session.get_one(FieldDevice, phone.device)
    work = field_devices.in_the_name_of(make.work(session), device)
    composed = reads.compose(session, work.today, device.days, ())
    newer = field_lists.publish(work, office, ORIGIN, device, composed, work.now)
    slow = field_lists.publish(work, office, ORIGIN, device, composed, work.now - timedelta(seconds=1))
    assert slow.version == newer.version


def test_holds_recalls_and_chosen_packs_only(session, office, tmp_path):
    make.an_order(make.work(session), make.a_signer(tmp_path), packs=5)
    batch = session.exec(select(Batch)).one()
    holds.place(by(session, CLERK), scope="batch", key=batch.id, reason_code="complaint", words="")
    number = next(iter(reads.compose(session, make.MONDAY.date(), 180, ()).licences))
    for days, chosen, told in ((180, [], True), (180, [number], True), (1, [], False), (180, ["L2026-9999"], False)):
        later = make.MONDAY.date() + timedelta(days=2)
        entry = json.loads(reads.compose(session, later, days, chosen).entries[batch.code])
        assert ("lines" in entry) is told
        assert entry["held"]


def test_packs_of_several_lines_are_told_apart(session, tmp_path):
    signer = make.a_signer(tmp_path)
    make.an_order(make.work(session), signer, packs=40)
    other = session.exec(select(PackLine).where(PackLine.cut != "法式羊肋脊排").order_by(PackLine.id)).first()
    labels.order(by(session, PRODUCER), signer, pack_line_id=other.id, packs=25)
    code = session.exec(select(Batch.code)).one()
    entry = json.loads(reads.compose(session, make.MONDAY.date(), 180, ()).entries[code])
    lines = dict(session.exec(select(Label.serial, LabelOrder.pack_line_id).join(LabelOrder)).all())
    assert len(entry["serials"]) == 1
    (line, found), *_ = entry["serials"].items()
    assert all(serial_sets.holds(found, serial) is (where == line) for serial, where in lines.items())


def test_no_person_and_no_household_is_named(session, tmp_path):
    make.an_order(make.work(session), make.a_signer(tmp_path), packs=5)
    text = "".join(reads.compose(session, make.MONDAY.date(), 180, ()).entries.values())
    assert "示范联系人" not in text
    assert "1380" not in text


def test_a_difference_puts_the_new_list_together():
    earlier, now = {"A": "1", "B": "2", "C": "3"}, {"A": "1", "B": "4", "D": "5"}
    found = change(earlier, now)
    assert (found.entries, found.gone) == (("4", "5"), ("C",))
    assert change({}, now).entries == ("1", "4", "5")


def test_only_a_device_gets_a_list_signed(session, office):
    phone = enrolled(session)
    device = session.get_one(FieldDevice, phone.device)
    composed = reads.Composed({}, {}, {}, {})
    work = by(session, CLERK)
    assert code_of(lambda: field_lists.publish(work, office, ORIGIN, device, composed, work.now)) == "access.unknown"


def test_stopped_unsigned_and_gtin_labels_are_told_apart_in_one_batch(session, tmp_path):
    signer, work = make.a_signer(tmp_path), make.work(session)
    line = make.a_pack_line(work)
    make.a_gtin(work)
    orders = {}
    for profile in ("unit", "compact", "gtin"):
        orders[profile] = labels.order(by(session, PRODUCER), signer, pack_line_id=line.id, packs=8, profile=profile)
    label_stops.place(by(session, CLERK), scope="order", name=orders["unit"].number, reason_code="leak")
    batch = session.exec(select(Batch)).one()
    entry = json.loads(reads.compose(session, make.MONDAY.date(), 180, ()).entries[batch.code])
    assert entry["goods"] == [f"09521234000013:{batch.lot}:"]
    for profile, order in orders.items():
        for serial in session.exec(select(Label.serial).where(Label.order_id == order.id)):
            assert serial_sets.holds(entry["stopped"], serial) is (profile == "unit")
            assert serial_sets.holds(entry["unsigned"], serial) is (profile == "compact")


@pytest.mark.parametrize("from_the", ["first", "second", "end"])
def test_a_distrusted_key_still_speaks_for_what_the_log_told_of_before(session, tmp_path, from_the):
    """The telephone is told for which packs it does not: those the verdict page turns red for."""
    signer, work = make.a_signer(tmp_path), make.work(session)
    orders = []
    for _ in range(2):
        orders.append(make.an_order(work, signer, packs=4))
        log.integrate(work)
    line = make.a_pack_line(work)
    compact = labels.order(by(session, PRODUCER), signer, pack_line_id=line.id, packs=4, profile="compact")
    make.a_release(by(session, PRODUCER), compact)
    labels.activate(by(session, PRODUCER), compact.id, first=1, last=4)
    log.integrate(work)
    kid, batch = orders[0].kid, session.exec(select(Batch.code)).one()
    assert orders[1].kid == kid
    before = json.loads(reads.compose(session, make.MONDAY.date(), 180, ()).entries[batch])
    assert "distrusted" not in before
    places = {"end": None} | {
        name: log_reads.entry_of_act(session, "label_order", one.id, "labels.order").place
        for name, one in zip(("first", "second"), orders, strict=True)
    }
    key_steps.distrust(work, "label", kid, reason="stolen", from_index=places[from_the])
    told = json.loads(reads.compose(session, make.MONDAY.date(), 180, ()).entries[batch])["distrusted"]
    assert set(told) == {kid}
    gone = {"first": orders, "second": orders[1:], "end": []}[from_the]
    for order in orders:
        for serial in session.exec(select(Label.serial).where(Label.order_id == order.id)):
            found = told[kid] == "all" or (told[kid] is not None and serial_sets.holds(told[kid], serial))
            assert found is (order in gone)
    for serial in session.exec(select(Label.serial).where(Label.order_id == compact.id)):
        read = read_address(f"/u/{batch}/{serial}")
        assert verify(session, make.ORIGIN, read, make.MONDAY.date()).verdict.colour is not Colour.RED
        assert told[kid] != "all", "a compact label was signed by nobody"
        assert told[kid] is None or not serial_sets.holds(told[kid], serial)


def test_tags_are_told_with_their_batch_and_after_its_key_ended_by_the_log(session, tmp_path):
    """A batch with a tag and no labels is on the list; the second tag of the key came after the cut."""
    signer, work = make.a_signer(tmp_path), make.work(session)
    batch, mine, theirs = session.exec(select(Batch)).one(), by(session, PRODUCER), by(session, ABATTOIR)
    line = make.a_pack_line(work)
    tag = batch_tags.issue(mine, signer, batch.id)
    log.integrate(work)
    told = reads.compose(session, make.MONDAY.date(), 180, ())
    entry = json.loads(told.entries[batch.code])
    assert (entry["tags"], entry["withdrawn"], entry["kids"]) == ([[tag.kid, f"b:{batch.code}"]], False, [])
    assert (entry["at_packing"]["status"], entry["void"], told.stops) == ("valid", None, {"keys": [], "licences": []})
    cut = log_reads.entry_of_act(session, "batch_tag", tag.id, "batch_tags.issue").place + 1
    case = containers.pack(theirs, "abattoir", ContainerKind.CASE, Filling({line.id: 10})).code
    other = container_tags.issue(theirs, signer, case)
    label_stops.place(by(session, CLERK), scope="key", name=tag.kid, reason_code="key")
    label_stops.place(by(session, CLERK), scope="licence", name=entry["licence"], reason_code="leaked")
    told = reads.compose(session, make.MONDAY.date(), 180, ())
    assert told.stops == {"keys": [tag.kid], "licences": [entry["licence"]]}
    for kid in (tag.kid, other.kid):
        key_steps.distrust(work, "label", kid, reason="stolen", from_index=cut)
    told = reads.compose(session, make.MONDAY.date(), 180, ())
    assert told.keys[tag.kid]["tags"] == [f"b:{batch.code}"]
    assert "tags" not in told.keys[other.kid]
