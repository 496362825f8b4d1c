"""Label orders: what they cost, who may, and that nothing half happens."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session, select

from brand.kernel import texts
from brand.kernel.audit import AuditEntry
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence, LicenceYear
from brand.models.schemes import Brand, Product
from brand.services import licences
from tests import make
from tests.people import ABATTOIR, APPROVER, CLERK, INSPECTOR, PRODUCER, RIVAL, RIVAL_ABATTOIR, STATION
from trace.crypto import keys, label_codes
from trace.crypto.code_profiles import UnitCode
from trace.crypto.readings import Reading, read_address, read_any
from trace.crypto.typed_codes import human_readable
from trace.models.batches import Batch, PackLine
from trace.models.labels import Label, PrintRun, SigningKey
from trace.rules.labels import LARGEST_ORDER, VoidReason
from trace.services import labels
from trace.services.signer import KeyFiles, LabelSigner

pytestmark = pytest.mark.packed


@pytest.fixture
def signer(tmp_path: Path) -> LabelSigner:
    return make.a_signer(tmp_path)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing() as session:
        yield session


@pytest.fixture
def line(session: Session) -> PackLine:
    return make.a_pack_line(make.work(session))


def work(session, person):
    return make.work(session, make.actor(session, person))


def order(session, signer, packs=24, person=PRODUCER, line=None):
    line = line or make.a_pack_line(make.work(session))
    made = labels.order(work(session, person), signer, pack_line_id=line.id, packs=packs)
    make.a_release(work(session, person), made)
    return made


def codes_of(session, made):
    batch = session.get_one(Batch, made.batch_id)
    rows = session.exec(select(Label).where(Label.order_id == made.id).order_by(Label.position))
    return [UnitCode(batch.code, row.serial) for row in rows]


def states(session, made):
    session.expire_all()
    rows = session.exec(select(Label).where(Label.order_id == made.id).order_by(Label.position))
    return "".join(row.state[0] for row in rows)


def refusal(session, call, *args, **kwargs):
    with pytest.raises(AppError) as caught:
        call(*args, **kwargs)
    return caught.value


def test_an_order_issues_signed_labels_and_pays_with_weight(session, signer, line):
    made = order(session, signer, 24)
    session.refresh(line)
    assert (made.packs, made.kg, line.ordered) == (24, Decimal("12"), 24)
    assert made.number.startswith("B2026-")
    year = session.get_one(LicenceYear, made.licence_year_id)
    assert (year.used_kg, year.labels) == (Decimal("12"), 24)
    rows = session.exec(select(Label).where(Label.order_id == made.id).order_by(Label.position)).all()
    assert [row.position for row in rows] == list(range(1, 25))
    assert {row.state for row in rows} == {"issued"}
    key = session.get_one(SigningKey, made.kid)
    assert (key.enterprise_id, key.quarter, key.state) == ("cooperative", "2026Q3", "active")
    batch = session.get_one(Batch, made.batch_id)
    for row in rows:
        code = UnitCode(batch.code, row.serial)
        scanned = label_codes.parse(f"{label_codes.path(code)}?s={made.kid}.{row.signature}")
        assert label_codes.verify(keys.public_key(key.public_key), make.ORIGIN, scanned)


def test_the_order_is_in_the_audit_trail(session, signer):
    made = order(session, signer)
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "labels.order")).one()
    assert (entry.object_id, entry.enterprise_id, entry.person_id) == (made.id, "cooperative", "producer")
    assert session.exec(select(AuditEntry).where(AuditEntry.action == "keys.create")).one().object_id == made.kid


@pytest.mark.parametrize("person", [RIVAL, ABATTOIR, CLERK, INSPECTOR])
def test_others_cannot_order_and_cannot_tell_why(session, signer, line, person):
    assert refusal(session, order, session, signer, person=person, line=line).code == "access.unknown"


def test_a_station_orders_for_its_cooperative(session, signer):
    assert order(session, signer, person=STATION).packs == 24


def test_a_line_that_does_not_exist(session, signer):
    found = refusal(session, labels.order, work(session, PRODUCER), signer, pack_line_id="NOSUCH", packs=1)
    assert found.code == "access.unknown"


@pytest.mark.parametrize("packs", [0, -1, LARGEST_ORDER + 1])
def test_sizes_no_order_has(session, signer, packs):
    found = refusal(session, order, session, signer, packs)
    assert (found.code, found.faults[0].pointer) == ("labels.order_size", "/packs")


def test_more_labels_than_packs_are_refused_with_the_figures(session, signer, line):
    order(session, signer, 390)
    found = refusal(session, order, session, signer, 7)
    assert found.code == "labels.packs_exceeded"
    assert found.params == {"packs": 396, "ordered": 390, "asked": 7, "left": 6}
    assert found.faults[0].pointer == "/packs"
    assert order(session, signer, 6).packs == 6


@pytest.mark.parametrize("what", ["cut", "best_before", "product", "producer", "brand"])
def test_what_no_label_can_say_is_refused_before_anything_is_spent(session, signer, line, what):
    """Mongolian script has no glyphs in the typeface of labels: such labels could be signed and never printed."""
    batch = session.get_one(Batch, line.batch_id)
    named = {
        "cut": (line, "cut"),
        "best_before": (line, "storage"),
        "product": (session.get_one(Product, batch.product_id), "name"),
        "producer": (session.get_one(Enterprise, batch.licensee_id), "name"),
        "brand": (session.get_one(Brand, session.get_one(Licence, batch.licence_id).brand_id), "name"),
    }
    row, column = named[what]
    setattr(row, column, "ᠮᠠᠯ")
    session.flush()
    before = session.exec(select(LicenceYear)).first()
    spent = before.used_kg if before else Decimal(0)
    error = refusal(session, order, session, signer, line=line)
    assert [(one.code, one.pointer) for one in error.faults] == [("labels.unprintable", "/pack_line_id")]
    assert (error.params["text"], error.params["code_point"]) == (f"labels.text.{what}", "U+182E")
    for language in ("zh", "en"):
        said = texts.explain(language, error.code, error.params)
        assert texts.say(language, f"labels.text.{what}") in said, "which text of the label, in words"
    session.refresh(line)
    after = session.exec(select(LicenceYear)).first()
    assert (line.ordered, after.used_kg if after else Decimal(0)) == (0, spent)
    setattr(row, column, "羊腿")
    assert order(session, signer, line=line).packs == 24


def test_the_yearly_allowance_stops_an_order_and_nothing_is_left_behind(database, signer):
    with database.writing() as session:
        year = session.exec(select(LicenceYear).where(LicenceYear.year == 2026)).one()
        year.cap_kg = Decimal(10)
    with pytest.raises(AppError) as caught, database.writing() as session:
        order(session, signer, 21)
    assert caught.value.code == "licences.cap_exceeded"
    with database.writing() as session:
        assert session.exec(select(Label)).first() is None
        assert make.a_pack_line(make.work(session)).ordered == 0
        assert order(session, signer, 20).kg == Decimal(10)


@pytest.mark.parametrize(("action", "state"), [("suspend", "suspended"), ("revoke", "revoked")])
def test_no_labels_under_a_licence_that_is_not_valid_today(session, signer, action, state):
    licence = session.exec(select(Batch)).one().licence_id
    sanction = {"reason_code": "sanction.accident", "comment": "示范"}
    licences.step(work(session, APPROVER), licence, action, version=1, **sanction)
    found = refusal(session, order, session, signer)
    assert (found.code, found.params["status"]) == ("labels.licence_not_valid", f"licence.state.{state}")


def test_one_key_per_licensee_and_quarter(session, signer, line):
    first, second = order(session, signer, 2), order(session, signer, 2)
    assert first.kid == second.kid
    later = replace(work(session, PRODUCER), now=make.MONDAY + timedelta(days=40))
    third = labels.order(later, signer, pack_line_id=line.id, packs=2)
    assert third.kid != first.kid
    assert session.get_one(SigningKey, third.kid).quarter == "2026Q4"


def test_a_key_outlives_the_process(session, signer, tmp_path):
    made = order(session, signer, 1)
    again = LabelSigner(KeyFiles(signer.keeper.folder, make.PASSPHRASE, cost=make.WEAKEST), make.ORIGIN)
    code = codes_of(session, made)[0]
    assert again.sign(made.kid, make.MONDAY, [code]) == signer.sign(made.kid, make.MONDAY, [code])


def test_serials_never_repeat(session, signer, line):
    order(session, signer, 200)
    order(session, signer, 196)
    serials = session.exec(select(Label.serial)).all()
    assert len(set(serials)) == 396


def test_activation_by_range_is_counted_and_may_be_repeated(session, signer):
    made = order(session, signer, 10)
    first = labels.activate(work(session, ABATTOIR), made.id, first=1, last=6)
    again = labels.activate(work(session, PRODUCER), made.id, first=4, last=8)
    assert (first.changed, first.already) == (6, 0)
    assert (again.changed, again.already) == (2, 3)
    assert states(session, made) == "aaaaaaaaii"
    done = session.exec(select(AuditEntry).where(AuditEntry.action == "labels.activate")).all()
    assert [entry.person_id for entry in done] == ["abattoir", "producer"]


@pytest.mark.parametrize("person", [RIVAL, RIVAL_ABATTOIR, CLERK, INSPECTOR])
def test_strangers_cannot_activate(session, signer, person):
    made = order(session, signer, 2)
    found = refusal(session, labels.activate, work(session, person), made.id, first=1, last=2)
    assert found.code == "access.unknown"
    assert states(session, made) == "ii"


@pytest.mark.parametrize(
    ("first", "last", "field"), [(0, 1, "/first"), (1, 11, "/last"), (5, 4, "/last"), (11, 11, "/first")]
)
def test_ranges_that_are_none(session, signer, first, last, field):
    made = order(session, signer, 10)
    found = refusal(session, labels.activate, work(session, PRODUCER), made.id, first=first, last=last)
    assert (found.code, found.faults[0].pointer) == ("labels.range", field)


def test_activation_by_scanned_and_typed_codes(session, signer):
    made = order(session, signer, 5)
    codes = codes_of(session, made)
    scanned = read_any(f"http://localhost{signer.sign(made.kid, make.MONDAY, [codes[1]])[0]}", {"localhost"})
    typed = read_any(human_readable(codes[3]).lower(), set())
    done = labels.activate_codes(work(session, ABATTOIR), [scanned, typed, typed])
    assert (done.changed, done.already) == (2, 0)
    assert states(session, made) == "iaiai"


def test_one_code_that_is_not_ours_to_activate_stops_all(session, signer):
    made = order(session, signer, 2)
    good = read_address(label_codes.path(codes_of(session, made)[0]))
    stranger = Reading(replace(good.scanned, code=UnitCode(good.code.batch, "0" * 16)))
    found = refusal(session, labels.activate_codes, work(session, PRODUCER), [good, stranger])
    assert (found.code, [one.pointer for one in found.faults]) == ("labels.codes_unknown", ["/codes/1"])
    assert states(session, made) == "ii"
    forged = Reading(replace(good.scanned, kid=made.kid, signature=bytes(64)))
    signed = Reading(label_codes.parse(signer.sign(made.kid, make.MONDAY, [good.code])[0]))
    other_key = Reading(replace(signed.scanned, kid="zzz"))
    found = refusal(session, labels.activate_codes, work(session, PRODUCER), [signed, forged, other_key])
    assert (found.code, [one.pointer for one in found.faults]) == ("labels.codes_unknown", ["/codes/1", "/codes/2"])
    assert states(session, made) == "ii"
    foreign = refusal(session, labels.activate_codes, work(session, RIVAL), [good])
    assert (foreign.code, foreign.faults[0].code) == ("labels.codes_unknown", "labels.code_unknown")


def test_void_labels_stay_void_and_cost_what_they_cost(session, signer, line):
    made = order(session, signer, 10)
    labels.activate(work(session, PRODUCER), made.id, first=1, last=4)
    session.refresh(made)
    done = labels.void(
        work(session, PRODUCER), made.id, first=4, last=6, reason=VoidReason.SPOILT, version=made.version
    )
    assert (done.changed, done.already) == (3, 0)
    labels.activate(work(session, PRODUCER), made.id, first=1, last=10)
    assert states(session, made) == "aaavvvaaaa"
    session.refresh(line)
    assert line.ordered == 10
    assert session.get_one(LicenceYear, made.licence_year_id).labels == 10


def test_a_page_seen_before_an_activation_cannot_void(session, signer):
    made = order(session, signer, 4)
    seen = made.version
    labels.activate(work(session, ABATTOIR), made.id, first=1, last=2)
    session.refresh(made)
    found = refusal(
        session,
        labels.void,
        work(session, PRODUCER),
        made.id,
        first=1,
        last=4,
        reason=VoidReason.LEFT_OVER,
        version=seen,
    )
    assert found.code == "labels.stale"
    assert states(session, made) == "aaii"


def test_the_office_may_void_and_the_abattoir_may_not(session, signer):
    made = order(session, signer, 2)
    reason = {"reason": VoidReason.LOST, "version": made.version}
    assert (
        refusal(session, labels.void, work(session, ABATTOIR), made.id, first=1, last=1, **reason).code
        == "access.unknown"
    )
    assert labels.void(work(session, CLERK), made.id, first=1, last=1, **reason).changed == 1


def test_prints_are_logged_each_time(session, signer):
    made = order(session, signer, 4)
    make.in_a_head(session, signer)
    for last in (4, 2):
        labels.record_print(work(session, PRODUCER), made.id, first=1, last=last, layout="a4-24")
    runs = session.exec(select(PrintRun).where(PrintRun.order_id == made.id)).all()
    assert sorted((run.first, run.last, run.person_id) for run in runs) == [(1, 2, "producer"), (1, 4, "producer")]
    with pytest.raises(AppError, match=r"access\.unknown"):
        labels.record_print(work(session, ABATTOIR), made.id, first=1, last=4, layout="a4-24")
