"""Takes animals in before slaughter: announced, tags read, examined; what was read is what may be slaughtered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.clock import local_day
from brand.kernel.errors import AppError, Fault, Kind, conflict, invalid, unknown
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.models.schemes import Product
from brand.rules.product_rules import preset
from trace.formats.carcass_sheet import CarcassRow
from trace.models.batches import Batch
from trace.models.events import Event
from trace.models.lairage import Lairage, LairageTag
from trace.models.quarantine import QuarantineCertificate
from trace.queries import events as event_reads
from trace.queries import lairage as reads
from trace.rules.alarms import AlarmKind
from trace.rules.carcass_classes import species_of_goods
from trace.rules.ear_tags import Species, check_ear_tag, species_of
from trace.rules.events import EventKind
from trace.rules.lairage import FLOW, LairageState
from trace.rules.lots import check_lot
from trace.services import alarms, events, new_batches, quarantine


def announce(
    work: Work,
    abattoir_id: str,
    *,
    producer_id: str,
    product_id: str,
    lot: str,
    expected_on: date,
    head: int,
    tags: Sequence[str],
    certificate: str,
) -> Lairage:
    """A lot that is to come; ``tags`` may be empty.

    Raises what ``check_parties`` raises, ``lots.shape``, ``batches.lot_taken``, ``lairage.lot_taken``,
    ``lairage.tags_and_head`` (as many tags as heads, or none), ``ear_tags.*``, ``batches.tag_slaughtered`` for a tag
    that a carcass bears, or ``lairage.no_such_paper`` for the number of a certificate that neither the abattoir nor the
    producer has declared.
    """
    work.actor.require("batches.register", abattoir_id)
    check_parties(work, abattoir_id, producer_id, product_id)
    lot = check_lot(lot)
    new_batches.check_lot_free(work, abattoir_id, lot)
    if reads.of_lot(work.session, abattoir_id, lot) is not None:
        params = {"lot": lot}
        raise AppError(
            Kind.CONFLICT, "lairage.lot_taken", faults=[Fault("lairage.lot_taken", "/lot", params)], **params
        )
    wanted = checked_tags(tags, work.today, _species(work, product_id, tags))
    if wanted and len(wanted) != head:
        figures = {"tags": len(wanted), "head": head}
        raise invalid("lairage.tags_and_head", faults=[Fault("lairage.tags_and_head", "/tags", figures)], **figures)
    _refuse_slaughtered(work, wanted)
    paper = _paper(work, (abattoir_id, producer_id), certificate) if certificate else None
    move = FLOW.step("new", "announce")
    made = Lairage(
        state=move.next_state,
        abattoir_id=abattoir_id,
        producer_id=producer_id,
        product_id=product_id,
        lot=lot,
        expected_on=expected_on,
        announced_head=head,
        announced_tags=wanted,
        certificate_id=paper.id if paper else None,
        announced_by=work.actor.person_id or "",
        announced_at=work.now,
        differences=[],
    )
    work.session.add(made)
    work.session.flush()
    _record(work, move.audit, made, lot=lot, head=head)
    return made


def _refuse_slaughtered(work: Work, tags: Sequence[str]) -> None:
    """An animal is slaughtered once: its tag is not announced again."""
    borne = sorted(reads.slaughtered(work.session, tags))
    if borne:
        faults = [Fault("batches.tag_slaughtered", "/tags", {"tag": one}) for one in borne]
        raise AppError(Kind.CONFLICT, "batches.tag_slaughtered", faults=faults, tag=borne[0])


def _paper(work: Work, holders: Sequence[str], number: str) -> QuarantineCertificate:
    """Whoever can type its number has the paper before them."""
    found = reads.paper_by_number(work.session, holders, number)
    if found is None:
        fault = Fault("lairage.no_such_paper", "/certificate", {"number": number})
        raise invalid("lairage.no_such_paper", faults=[fault], number=number)
    return found


def check_parties(work: Work, abattoir_id: str, producer_id: str, product_id: str) -> None:
    """Raise ``batches.abattoir_not_confirmed``, ``.producer_not_confirmed`` or ``.product_unknown``."""
    for role, one in (("abattoir", abattoir_id), ("producer", producer_id)):
        found = work.session.get(Enterprise, one)
        if found is None or found.state != EnterpriseState.CONFIRMED:
            code, pointer = f"batches.{role}_not_confirmed", f"/{role}_id"
            raise invalid(code, faults=[Fault(code, pointer)])
    if work.session.get(Product, product_id) is None:
        code = "batches.product_unknown"
        raise invalid(code, faults=[Fault(code, "/product_id")])


def read(work: Work, lairage_id: str, *, version: int, tags: Sequence[str]) -> Lairage:
    """Tags read at the gate, beside those read before; one read twice counts once. Raises ``lairage.wrong_state``.

    A tag that a carcass bears already is taken down, because it was read; it is a difference and sounds an alarm.
    """
    found = _own(work, lairage_id, version)
    move = FLOW.step(found.state, "read")
    there = {one.tag for one in reads.tags(work.session, found.id)}
    species = _species(work, found.product_id, tags)
    fresh = [one for one in checked_tags(tags, work.today, species) if one not in there]
    _step(work, found, move.next_state, read_at=work.now)
    for tag in fresh:
        row = LairageTag(lairage_id=found.id, tag=tag, read_at=work.now, read_by=work.actor.person_id or "")
        work.session.add(row)
    work.session.flush()
    for tag in sorted(reads.slaughtered(work.session, fresh)):
        alarms.sound(work, AlarmKind.SECOND_SLAUGHTER, tag, found.abattoir_id, {"tag": tag, "lot": found.lot})
    _record(work, move.audit, found, tags=len(fresh))
    return found


def examine(work: Work, lairage_id: str, *, version: int, unfit: Sequence[str], note: str) -> Lairage:
    """The examination before slaughter: which animals may not go on, and what is said of every difference.

    From here on the lot is closed; what was not read or is unfit is not slaughtered. Raises
    ``lairage.wrong_state``, ``.nothing_read``, ``.not_read`` or ``.say_why``.
    """
    found = _own(work, lairage_id, version)
    FLOW.step(found.state, "examine")
    rows = reads.tags(work.session, found.id)
    bad = set(checked_tags(unfit, work.today, _species(work, found.product_id, unfit)))
    differences = reads.compared(work.session, found, work.today)
    facts = {"tags": [one.tag for one in rows], "unfit": bad, "differences": differences, "note": note}
    move = FLOW.apply(found.state, "examine", facts)
    said = [{"code": one.code, "params": dict(one.params)} for one in differences]
    values = {"examined_at": work.now, "examined_by": work.actor.person_id, "note": note, "differences": said}
    _step(work, found, move.next_state, **values)
    for one in rows:
        one.fit = one.tag not in bad
        work.session.add(one)
    work.session.flush()
    _record(work, move.audit, found, unfit=len(bad), differences=len(said))
    return found


def call_off(work: Work, lairage_id: str, *, version: int, reason: str) -> Lairage:
    """Nothing of the lot came: whoever announces for the abattoir says why, its number and its tags are free again.

    Raises ``lairage.wrong_state``, or ``.something_came`` once a tag was read.
    """
    found = _own(work, lairage_id, version)
    facts = {"tags": reads.tags(work.session, found.id), "head": found.announced_head}
    move = FLOW.apply(found.state, "call_off", facts)
    _step(work, found, move.next_state, called_off_at=work.now, called_off_by=work.actor.person_id, note=reason)
    _record(work, move.audit, found, lot=found.lot, head=found.announced_head, reason=reason)
    return found


def faults(work: Work, batch_plan: tuple[str, str, str, str], rows: Sequence[CarcassRow]) -> list[tuple[int, Fault]]:
    """What stands against slaughtering these carcasses as that lot (abattoir, producer, product, lot), by row.

    A lot nobody announced has nothing against it. Raises ``lairage.other_plan`` or ``lairage.not_examined``.
    """
    abattoir_id, producer_id, product_id, lot = batch_plan
    found = reads.of_lot(work.session, abattoir_id, lot)
    if found is None:
        return []
    if (found.producer_id, found.product_id) != (producer_id, product_id):
        raise AppError(Kind.REFUSED, "lairage.other_plan", faults=[Fault("lairage.other_plan", "/lot")])
    if found.state != LairageState.EXAMINED:
        params = {"lot": lot}
        fault = Fault("lairage.not_examined", "/lot", params)
        raise AppError(Kind.REFUSED, "lairage.not_examined", faults=[fault], **params)
    return list(_row_faults({one.tag: one.fit for one in reads.tags(work.session, found.id)}, rows))


def _row_faults(fit: dict[str, bool | None], rows: Sequence[CarcassRow]) -> Iterator[tuple[int, Fault]]:
    for row in rows:
        if row.ear_tag not in fit:
            yield row.row, Fault("lairage.tag_not_read", "/ear_tag", {"tag": row.ear_tag})
        elif not fit[row.ear_tag]:
            yield row.row, Fault("lairage.tag_unfit", "/ear_tag", {"tag": row.ear_tag})


def bind(work: Work, batch: Batch, head: int) -> None:
    """The lot became this batch: its examination enters the chain, its certificate goes with the goods.

    Raises ``lairage.stale`` when somebody else slaughtered it meanwhile. Needs no permission of its own.
    """
    found = reads.of_lot(work.session, batch.maker_id, batch.lot)
    if found is None or found.examined_at is None:
        return
    its = (col(Lairage.id) == found.id, col(Lairage.state) == LairageState.EXAMINED.value)
    values = {"state": LairageState.SLAUGHTERED.value, "batch_id": batch.id, "version": found.version + 1}
    if work.session.exec(update(Lairage).where(*its).values(**values)).rowcount != 1:
        raise conflict("lairage.stale")
    work.session.refresh(found)
    rows = reads.tags(work.session, found.id)
    data = {
        "head": len(rows),
        "unfit": sum(one.fit is False for one in rows),
        "announced_head": found.announced_head,
        "differences": len(found.differences),
    }
    events.record(work, batch, EventKind.ANTE_MORTEM, event_time=found.examined_at, data=data, operation=found.id)
    _use_paper(work, found, batch, head)


def _use_paper(work: Work, found: Lairage, batch: Batch, head: int) -> None:
    """As many heads as the paper still covers; that it was for fewer was a difference the examiner spoke to."""
    paper = work.session.get(QuarantineCertificate, found.certificate_id) if found.certificate_id else None
    assert found.read_at is not None
    on = local_day(found.read_at)
    if paper is None or paper.state == "rejected" or not paper.issued_on <= on <= paper.valid_until:
        return
    covered = min(Decimal(head), paper.quantity - paper.used)
    if covered > 0:
        quarantine.spend(work, paper, "batch", batch.id, covered, on)


def unbind(work: Work, batch: Batch) -> None:
    """The batch was taken back: the examined lot waits again, its certificate covers as many heads as before."""
    its = (col(Lairage.batch_id) == batch.id, col(Lairage.state) == LairageState.SLAUGHTERED.value)
    waits = {"state": LairageState.EXAMINED.value, "batch_id": None, "version": col(Lairage.version) + 1}
    lots = list(work.session.exec(select(Lairage.id).where(*its)))
    work.session.exec(update(Lairage).where(*its).values(**waits))
    quarantine.give_back(work, "batch", batch.id)
    for one in lots:
        ante_mortem = select(Event).where(Event.batch_id == batch.id, Event.operation == one, event_reads.counts())
        for event in work.session.exec(ante_mortem).all():
            events.void(work, event, batch.lot)


def _species(work: Work, product_id: str, tags: Sequence[str]) -> Species:
    """Of which animals the product is; where that is open, what the tags say."""
    product = work.session.get_one(Product, product_id)
    return species_of_goods(preset(product.code)) or species_of(tags)


def checked_tags(tags: Sequence[str], on: date, species: Species) -> list[str]:
    """The tags in their one spelling, each once, in order; raises ``ear_tags.*`` at ``/tags``."""
    found: dict[str, None] = {}
    for text in tags:
        try:
            found[check_ear_tag(text, on, species=species).text] = None
        except AppError as error:
            raise invalid(error.code, faults=[Fault(error.code, "/tags", error.params)], **error.params) from error
    return list(found)


def _own(work: Work, lairage_id: str, version: int) -> Lairage:
    found = work.session.exec(select(Lairage).where(Lairage.id == lairage_id).with_for_update()).first()
    if found is None:
        raise unknown()
    work.actor.require("batches.register", found.abattoir_id)
    if found.version != version:
        raise conflict("lairage.stale")
    return found


def _step(work: Work, found: Lairage, state: str, **values: object) -> None:
    """One of two who act at once does; the other reads a stale page."""
    its = (col(Lairage.id) == found.id, col(Lairage.version) == found.version)
    more = {"state": state, "version": found.version + 1}
    if work.session.exec(update(Lairage).where(*its).values(**values, **more)).rowcount != 1:
        raise conflict("lairage.stale")
    work.session.refresh(found)


def _record(work: Work, action: str, one: Lairage, **detail: object) -> None:
    audit.record(work, action, "lairage", one.id, enterprise_id=one.abattoir_id, producer=one.producer_id, **detail)
