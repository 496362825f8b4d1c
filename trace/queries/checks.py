"""Reads samples and looks at goods: those of a batch, those within reach, and the findings that still stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import defer
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.kernel.paging import Page, page
from brand.models.enterprises import Enterprise
from brand.queries.lookups import by_id
from trace.models.batches import Batch
from trace.models.checks import GoodsCheck, GoodsCheckFile, Sample
from trace.queries.batches import HANDS
from trace.rules import checklists
from trace.rules.checklists import Checklist, Look


@dataclass(frozen=True)
class Entry:
    """One look with its batch; ``open``: its findings still stand."""

    check: GoodsCheck
    batch: Batch
    holder: Enterprise
    open: bool
    files: tuple[GoodsCheckFile, ...] = ()

    @property
    def checklist(self) -> Checklist:
        return checklists.checklists()[self.check.checklist]


def samples(session: Session, batch_id: str) -> Sequence[Sample]:
    """The samples of a batch, oldest first; whoever asks has been let in to the batch."""
    return session.exec(select(Sample).where(Sample.batch_id == batch_id).order_by(col(Sample.taken_at))).all()


def of_batch(session: Session, batch_id: str) -> list[Entry]:
    """The looks at a batch, the latest first; whoever asks has been let in to the batch."""
    statement = select(GoodsCheck).where(GoodsCheck.batch_id == batch_id)
    return _entries(session, session.exec(statement.order_by(col(GoodsCheck.signed_at).desc())).all())


def listing(session: Session, actor: Actor, *, number: int = 1, size: int = 25) -> Page[Entry]:
    """Looks within reach, the latest first."""
    ordered = _within_reach(actor).order_by(col(GoodsCheck.signed_at).desc(), col(GoodsCheck.id))
    found = page(session, ordered, number, size)
    return Page(_entries(session, found.rows), found.number, found.size, found.total)


def find(session: Session, actor: Actor, goods_check_id: str) -> Entry:
    """One look with its photos, without their bytes; raises ``access.unknown``."""
    found = session.exec(_within_reach(actor).where(GoodsCheck.id == goods_check_id)).first()
    if found is None:
        raise unknown()
    held = select(GoodsCheckFile).where(GoodsCheckFile.check_id == found.id).order_by(col(GoodsCheckFile.id))
    return _entries(session, [found], tuple(session.exec(held.options(defer(GoodsCheckFile.content)))))[0]  # type: ignore[arg-type]


def file(session: Session, actor: Actor, goods_check_id: str, file_id: str) -> GoodsCheckFile:
    """One photo with its bytes, for whoever may see the look; raises ``access.unknown``."""
    find(session, actor, goods_check_id)
    found = session.get(GoodsCheckFile, file_id)
    if found is None or found.check_id != goods_check_id:
        raise unknown()
    return found


def open_findings(session: Session, batch_ids: Collection[str]) -> Mapping[str, tuple[Look, ...]]:
    """Batch id → looks whose findings still stand, oldest first; only batches that have one, one statement."""
    statement = select(GoodsCheck).where(col(GoodsCheck.batch_id).in_(set(batch_ids)))
    found: dict[str, list[Look]] = defaultdict(list)
    for one in checklists.open_findings(_look(each) for each in session.exec(statement)):
        found[one.batch_id].append(one)
    return {batch_id: tuple(looks) for batch_id, looks in found.items()}


def with_open_findings(session: Session, actor: Actor, most: int) -> list[Entry]:
    """Looks within reach whose findings still stand, oldest first."""
    found_something = _within_reach(actor).where(GoodsCheck.findings > 0)
    rows = session.exec(found_something.order_by(col(GoodsCheck.checked_on))).all()
    return [one for one in _entries(session, rows) if one.open][:most]


def _entries(session: Session, rows: Collection[GoodsCheck], files: tuple[GoodsCheckFile, ...] = ()) -> list[Entry]:
    batches = by_id(session, Batch, {one.batch_id for one in rows})
    holders = by_id(session, Enterprise, {one.enterprise_id for one in rows})
    standing = {one.check_id for looks in open_findings(session, set(batches)).values() for one in looks}
    return [Entry(one, batches[one.batch_id], holders[one.enterprise_id], one.id in standing, files) for one in rows]


def _look(one: GoodsCheck) -> Look:
    return Look(one.id, one.batch_id, one.checklist, one.official, one.checked_on, one.signed_at, one.findings)


def _within_reach(actor: Actor) -> SelectOfScalar[GoodsCheck]:
    statement = select(GoodsCheck).join(Batch, col(Batch.id) == col(GoodsCheck.batch_id))
    reach = actor.reach("quality.read")
    if reach is None:
        return statement
    return statement.where(or_(col(GoodsCheck.enterprise_id).in_(reach), *(hand.in_(reach) for hand in HANDS)))
