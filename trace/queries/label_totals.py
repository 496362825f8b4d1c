"""Counts the labels of a licence for everybody: how many were issued, put on packs and withdrawn, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from brand.kernel.errors import unknown
from brand.models.licences import Licence, LicenceYear
from trace.models.batches import Batch
from trace.models.labels import Label, LabelOrder
from trace.rules.labels import LabelState


@dataclass(frozen=True)
class Totals:
    """Labels by state, void ones by reason, those that replaced others, and the years with weight and labels.

    Control labels are on no pack and count nowhere.
    """

    licence: Licence
    states: Mapping[str, int]
    reasons: Mapping[str, int]
    replacing: int
    years: tuple[LicenceYear, ...]

    @property
    def all(self) -> int:
        return sum(self.states.values())


def of_licence(session: Session, number: str, today: date) -> Totals:
    """The counts of one licence, by its number; raises ``access.unknown``."""
    licence = session.exec(select(Licence).where(Licence.number == number)).first()
    if licence is None:
        raise unknown()
    # By batch, because (batch, state) is one narrow index: a million labels are counted without reading one.
    batches = select(Batch.id).where(Batch.licence_id == licence.id)
    mine = (col(Label.batch_id).in_(batches), ~col(Label.control))
    states = session.exec(select(Label.state, func.count()).where(*mine).group_by(Label.state)).all()
    void = (*mine, col(Label.state) == LabelState.VOID.value)
    reasons = session.exec(select(Label.void_reason, func.count()).where(*void).group_by(Label.void_reason)).all()
    replaced = select(func.coalesce(func.sum(LabelOrder.packs), 0)).where(
        LabelOrder.licence_id == licence.id, col(LabelOrder.replaces_id).is_not(None)
    )
    years = select(LicenceYear).where(LicenceYear.licence_id == licence.id, LicenceYear.year <= today.year)
    return Totals(
        licence,
        dict.fromkeys(LabelState, 0) | dict(states),
        dict(reasons),
        int(session.exec(replaced).one()),
        tuple(session.exec(years.order_by(col(LicenceYear.year))).all()),
    )
