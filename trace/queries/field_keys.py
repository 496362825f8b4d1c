"""Reads what a telephone takes along of label keys: their public halves, stop switches, and the tags they signed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, func, literal, select

from brand.models.licences import Licence
from trace.crypto.code_profiles import ContainerCode
from trace.models.batch_tags import BatchTag
from trace.models.batches import Batch
from trace.models.container_tags import ContainerTag
from trace.models.containers import Container
from trace.models.labels import SigningKey
from trace.models.log import LogEntry
from trace.queries import label_stops
from trace.queries.batch_tags import coded
from trace.rules.keys import KeyState, trusts
from trace.rules.label_stops import StopScope

Tags = Mapping[str, list[list[str]]]
"""Batch id → key id and element string of each of its signed codes, in one order for ever."""


def keys(session: Session, held: Iterable[Licence]) -> dict[str, dict[str, Any]]:
    """Every label key there ever was: one that is missing would make honest packs look forged.

    ``licences``: numbers of its holder's among ``held``, under which it may sign orders that no list tells of yet.
    """
    rows, said = session.exec(select(SigningKey).order_by(SigningKey.kid)), _still_said(session)
    tags = {kid: {"tags": elements} for kid, elements in said.items()}
    under: dict[str, list[str]] = defaultdict(list)
    for licence in held:
        under[licence.enterprise_id].append(licence.number)
    return {
        one.kid: {
            "x": one.public_key,
            "state": one.state,
            "licences": sorted(under[one.enterprise_id]),
            **tags.get(one.kid, {}),
        }
        for one in rows
    }


def stops(session: Session, held: Mapping[str, Licence]) -> dict[str, list[str]]:
    """Keys and numbers of licences whose labels are stopped; those of orders stand with their batches."""
    found = label_stops.open_ones(session)
    numbers = [held[key].number for scope, key in found if scope == StopScope.LICENCE and key in held]
    kids = [key for scope, key in found if scope == StopScope.KEY]
    return {"keys": sorted(kids), "licences": sorted(numbers)}


def tags(session: Session) -> Tags:
    """Every code of a batch that was ever signed."""
    found: dict[str, list[list[str]]] = defaultdict(list)
    joined = select(BatchTag, Batch).join(Batch, col(Batch.id) == col(BatchTag.batch_id))
    for tag, batch in session.exec(joined.order_by(col(BatchTag.kid), col(BatchTag.gtin))):
        found[batch.id].append([tag.kid, coded(batch, tag.gtin).element])
    return found


def _still_said(session: Session) -> dict[str, list[str]]:
    """By each distrusted key the element strings of tags that the log told of before the cut."""
    found: dict[str, list[str]] = defaultdict(list)
    for kid, start, element, place in (*_of_batches(session), *_of_containers(session)):
        if trusts(KeyState.DISTRUSTED, start, place):
            found[kid].append(element)
    return {kid: sorted(elements) for kid, elements in found.items()}


def _of_batches(session: Session) -> list[tuple[str, int | None, str, int | None]]:
    place = select(func.min(LogEntry.place)).where(LogEntry.subject == literal("batch_tag:") + BatchTag.id)
    asked = select(SigningKey, BatchTag, Batch, place.scalar_subquery())
    joined = asked.join(BatchTag, col(BatchTag.kid) == SigningKey.kid).join(Batch, col(Batch.id) == BatchTag.batch_id)
    rows = session.exec(joined.where(SigningKey.state == KeyState.DISTRUSTED))
    return [(key.kid, key.distrusted_from, coded(batch, tag.gtin).element, at) for key, tag, batch, at in rows]


def _of_containers(session: Session) -> list[tuple[str, int | None, str, int | None]]:
    place = select(func.min(LogEntry.place)).where(LogEntry.subject == literal("container_tag:") + ContainerTag.id)
    asked = select(SigningKey, Container.code, place.scalar_subquery())
    joined = asked.join(ContainerTag, col(ContainerTag.kid) == SigningKey.kid)
    joined = joined.join(Container, col(Container.id) == ContainerTag.container_id)
    rows = session.exec(joined.where(SigningKey.state == KeyState.DISTRUSTED))
    return [(key.kid, key.distrusted_from, ContainerCode(code).element, at) for key, code, at in rows]
