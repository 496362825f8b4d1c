"""Reads stop switches: what is stopped now, and which stops bear on labels of an order."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, and_, col, or_, select

from brand.kernel.actors import Actor
from trace.models.label_stops import LabelStop
from trace.models.labels import LabelOrder
from trace.rules.label_stops import StopScope


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


def listing(session: Session, actor: Actor, most: int = 100) -> Sequence[LabelStop]:
    """Stops within reach, open ones first, then the newest."""
    statement = select(LabelStop)
    reach = actor.reach("labels.read")
    if reach is not None:
        statement = statement.where(col(LabelStop.enterprise_id).in_(reach))
    ordered = statement.order_by(col(LabelStop.lifted_at).is_not(None), col(LabelStop.placed_at).desc())
    return session.exec(ordered.limit(most)).all()
