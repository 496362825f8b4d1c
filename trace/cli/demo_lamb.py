"""The demo county's slaughter day: 160 carcasses from the shipped sheets to labelled packs, cases and a pallet."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import select

from brand.kernel.work import Work
from trace.cli import demo_cases, demo_gtins, demo_herds, demo_lairage, demo_market, demo_packs, demo_quality
from trace.cli.demo_people import ABATTOIR, COOPERATIVE, of, product
from trace.cli.demo_telling import Telling
from trace.models.batches import Batch, PackLine
from trace.models.events import Event
from trace.models.imports import SheetKind
from trace.rules.events import EventKind
from trace.rules.labels import VoidReason
from trace.services import events, imports, label_releases, labels
from trace.services.batches import Plan

#: Sample input that is shipped, to be tried by whoever reads the demo.
SHEETS = Path(__file__).resolve().parents[1] / "demo" / "urad-lamb"
LOT = "20260912A"
_LABELLED = "法式羊肋脊排"


def on_pasture(told: Telling) -> None:
    """The animals of the sheet in their herd, on the summer pasture."""
    sheet = _upload(SheetKind.CARCASSES, "carcasses.xlsx").sheet
    told.act("2026-08-06 10:00", "producer", lambda work: demo_herds.grazed(work, of(work.session, COOPERATIVE), sheet))


def slaughter_day(told: Telling) -> None:
    """Graded, chilled, tested and packed; another lot waits in the pens."""
    told.act("2026-09-12 18:00", "abattoir", _carcasses)
    _sheet(told, "2026-09-13 14:00", SheetKind.CHILLING, "cold-room.csv")
    told.act("2026-09-13 16:00", "abattoir", _answer)
    _sheet(told, "2026-09-14 09:00", SheetKind.LAB_REPORT, "lab-report.csv")
    _sheet(told, "2026-09-14 18:00", SheetKind.PACKING, "packing.csv")
    told.act("2026-09-14 19:00", "abattoir", _waits)


def own_goods(told: Telling) -> None:
    """Own goods under a GTIN; most packs of the county have none and need none."""
    told.act("2026-09-11 10:00", "producer", demo_gtins.declares)
    told.act("2026-09-11 15:00", "clerk", demo_gtins.confirmed)
    told.act("2026-09-14 09:00", "producer", demo_gtins.registers)


def looked_at(told: Telling) -> None:
    """A sample under seal, a look at the goods by the inspector."""
    told.act("2026-09-14 10:00", "inspector", demo_quality.sealed)
    told.act("2026-09-14 18:30", "inspector", demo_quality.looked_at)


def labelled(told: Telling, today: datetime) -> None:
    """Seventy-two labels, two thirds of them on packs, one spoilt; and one that was copied and sold elsewhere."""

    def order(work: Work) -> None:
        line = work.session.exec(select(PackLine).where(PackLine.cut == _LABELLED)).one()
        made = labels.order(work, told.signer, pack_line_id=line.id, packs=72)
        label_releases.release(work, made.id, printer="own", version=made.version)
        labels.activate(work, made.id, first=1, last=48)
        labels.void(work, made.id, first=48, last=48, reason=VoidReason.SPOILT, version=made.version)
        addresses = demo_packs.paths(work.session, made)
        told.packs += [
            ("an activated pack", addresses[0]),
            ("a label never put on a pack", addresses[60]),
            ("a spoilt label, void", addresses[47]),
            ("a forged signature", demo_packs.forged(addresses[1])),
            ("a code that was copied", addresses[2]),
        ]

    told.act("2026-09-15 09:00", "producer", order)
    told.act(today - timedelta(hours=7), None, lambda work: demo_market.copied(work, _LABELLED))


def cased(told: Telling, today: datetime) -> None:
    """Two cases on a pallet that is on its way to the cooperative."""
    told.act("2026-09-15 15:00", "abattoir", lambda work: demo_cases.packed(work, of(work.session, ABATTOIR)))
    ends = (ABATTOIR, COOPERATIVE)
    told.act(
        today - timedelta(hours=6),
        "abattoir",
        lambda work: demo_cases.sent(work, *(of(work.session, one) for one in ends)),
    )


def _carcasses(work: Work) -> None:
    abattoir, cooperative = (of(work.session, one).id for one in (ABATTOIR, COOPERATIVE))
    plan = Plan(abattoir, cooperative, product(work.session, "lamb").id, LOT)
    imports.take(work, _upload(SheetKind.CARCASSES, "carcasses.xlsx"), plan)


def _sheet(told: Telling, moment: str, kind: SheetKind, name: str) -> None:
    told.act(moment, "abattoir", lambda work: imports.take(work, _upload(kind, name), target=_batch(work).id))


def _answer(work: Work) -> None:
    """The cold room was too warm for an hour; the abattoir says why and what it did."""
    batch = _batch(work)
    chilled = select(Event).where(Event.batch_id == batch.id, Event.kind == EventKind.CHILLING.value)
    events.answer(
        work,
        work.session.exec(chilled).one().id,
        version=batch.version,
        cause="夜间转运胴体时库门未及时关闭（示范）。",
        measure="关门后库温恢复，次日复测胴体中心温度合格，予以放行（示范）。",
    )


def _waits(work: Work) -> None:
    abattoir, cooperative = (of(work.session, one) for one in (ABATTOIR, COOPERATIVE))
    demo_lairage.waits(work, abattoir, cooperative, product(work.session, "lamb"))


def _batch(work: Work) -> Batch:
    return work.session.exec(select(Batch).where(Batch.lot == LOT)).one()


def _upload(kind: SheetKind, name: str) -> imports.Upload:
    return imports.read(kind, name, (SHEETS / name).read_bytes())
