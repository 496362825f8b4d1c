"""Reads stop switches: what is stopped now, and which stops bear on labels of an order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlmodel import Session, and_, col, func, or_, select

from brand.kernel.actors import Actor
from trace.models.containers import ContainerLabel
from trace.models.label_stops import LabelStop
from trace.models.labels import Label, LabelOrder
from trace.queries.lineage import portions
from trace.rules.label_stops import Bearing, StopScope, among_packs, gravest


def bearing_on(session: Session, *, licence_id: str, kid: str, order_id: str = "") -> LabelStop | None:
    """The oldest open stop on the licence, the key or the order."""
    wanted = {StopScope.LICENCE: licence_id, StopScope.KEY: kid, StopScope.ORDER: order_id}
    which = or_(*(and_(LabelStop.scope == scope.value, LabelStop.key == key) for scope, key in wanted.items()))
    open_ones = select(LabelStop).where(col(LabelStop.lifted_at).is_(None), which)
    return session.exec(open_ones.order_by(col(LabelStop.placed_at))).first()


def on_order(session: Session, order: LabelOrder) -> LabelStop | None:
    """The oldest open stop on the order, its licence or its key."""
    return bearing_on(session, licence_id=order.licence_id, kid=order.kid, order_id=order.id)


def open_ones(session: Session) -> frozenset[tuple[str, str]]:
    """(scope, key) of every open stop."""
    return frozenset(
        session.exec(select(LabelStop.scope, LabelStop.key).where(col(LabelStop.lifted_at).is_(None))).all()
    )


def keys_of(order: LabelOrder) -> set[tuple[str, str]]:
    """Every (scope, key) by which a stop bears on labels of the order."""
    keys = {StopScope.LICENCE: order.licence_id, StopScope.KEY: order.kid, StopScope.ORDER: order.id}
    return {(scope.value, key) for scope, key in keys.items()}


def among(
    session: Session, lines: Iterable[tuple[str, str, int]], licence_ids: Collection[str], kids: Collection[str]
) -> Bearing:
    """Whether stopped labels are among goods closed up together, or on what they are closed up in.

    ``lines``: packs of a line in a case, by the case's id; ``licence_ids`` are those of all of the goods, ``kids`` of
    keys that signed the label outside.
    """
    stopped = open_ones(session)
    if not stopped:
        return Bearing.NONE
    whole = {(StopScope.LICENCE.value, one) for one in licence_ids} | {(StopScope.KEY.value, one) for one in kids}
    if whole & stopped:
        return Bearing.SURE
    rows = list(lines)
    orders = stopped_orders(session, {line for _, line, _ in rows})
    noted = _noted(session, {case for case, line, _ in rows if line in orders})
    return gravest([among_packs(packs, noted[case, line], orders.get(line, ())) for case, line, packs in rows])


def _noted(session: Session, case_ids: Collection[str]) -> dict[tuple[str, str], dict[str, int]]:
    """Case and pack line → how many labels of each order were noted with the packs in it."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for some in portions(case_ids):
        named: Any = (ContainerLabel.container_id, LabelOrder.pack_line_id, LabelOrder.id, func.count())
        its = select(*named).join(Label, col(Label.serial) == col(ContainerLabel.serial))
        its = its.join(LabelOrder, col(LabelOrder.id) == col(Label.order_id))
        its = its.where(col(ContainerLabel.container_id).in_(some))
        for case, line, order, count in session.exec(its.group_by(*named[:3])):
            found[case, line][order] = count
    return found


def stopped_orders(session: Session, line_ids: Collection[str]) -> dict[str, set[str]]:
    """Pack line → its orders whose labels are stopped, by themselves, with their licence or with their key."""
    scopes = {StopScope.LICENCE: LabelOrder.licence_id, StopScope.KEY: LabelOrder.kid, StopScope.ORDER: LabelOrder.id}
    bears = or_(*(and_(LabelStop.scope == one.value, LabelStop.key == key) for one, key in scopes.items()))
    found: dict[str, set[str]] = defaultdict(set)
    for some in portions(line_ids):
        its = select(LabelOrder.pack_line_id, LabelOrder.id).join(LabelStop, bears)
        its = its.where(col(LabelStop.lifted_at).is_(None), col(LabelOrder.pack_line_id).in_(some))
        for line, order in session.exec(its):
            found[line].add(order)
    return found


def listing(session: Session, actor: Actor, most: int = 100) -> Sequence[LabelStop]:
    """Stops within reach, open ones first, then the newest."""
    statement = select(LabelStop)
    reach = actor.reach("labels.read")
    if reach is not None:
        statement = statement.where(col(LabelStop.enterprise_id).in_(reach))
    ordered = statement.order_by(col(LabelStop.lifted_at).is_not(None), col(LabelStop.placed_at).desc())
    return session.exec(ordered.limit(most)).all()
