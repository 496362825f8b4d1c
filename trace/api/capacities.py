"""Capacities over the API: declared, verified, raised by two persons, refused, withdrawn; and what is left."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs
from brand.edge.protection import csrf
from brand.edge.requests import actor, reading, writing
from brand.kernel.work import Work
from trace.models.capacities import Capacity
from trace.queries import capacities as reads
from trace.queries.capacities import Season
from trace.schemas.capacities import (
    CapacitiesOut,
    CapacityIn,
    CapacityOut,
    CapacityRefuseIn,
    CapacityStepIn,
    VerifyIn,
)
from trace.services import capacities

blp = Blueprint("api_capacities", __name__, url_prefix="/api/v1", description="Capacities of a season")
csrf.exempt(blp)


@blp.route("/enterprises/<enterprise_id>/capacities", methods=["GET"])
@blp.response(200, CapacitiesOut)
@needs("enterprises.read")
def index(enterprise_id: str) -> dict[str, list[Season]]:
    """Every capacity of an enterprise and its places, the latest season first."""
    with reading() as work:
        return {"rows": reads.of(work.session, actor(), enterprise_id)}


@blp.route("/enterprises/<enterprise_id>/capacities", methods=["POST"])
@blp.arguments(CapacityIn)
@blp.response(201, CapacityOut)
@creates(CapacityOut)
@needs("enterprises.edit")
def declare(work: Work, values: dict[str, Any], enterprise_id: str) -> Capacity:
    """A figure for a season; it counts at once and is verified by the office."""
    return capacities.declare(work, enterprise_id, **values)


@blp.route("/capacities/<capacity_id>", methods=["GET"])
@blp.response(200, CapacityOut)
@needs("enterprises.read")
def show(capacity_id: str) -> Capacity:
    """One capacity with what is used of it."""
    with reading() as work:
        return reads.find(work.session, actor(), capacity_id).season.capacity


@blp.route("/capacities/<capacity_id>/verify", methods=["POST"])
@blp.arguments(VerifyIn)
@blp.response(200, CapacityOut)
@needs("places.confirm")
def verify(values: dict[str, Any], capacity_id: str) -> Capacity:
    """The office's figure; one above what stands waits for a second person."""
    return _step(capacity_id, "verify", values)


@blp.route("/capacities/<capacity_id>/refuse", methods=["POST"])
@blp.arguments(CapacityRefuseIn)
@blp.response(200, CapacityOut)
@needs("places.confirm")
def refuse(values: dict[str, Any], capacity_id: str) -> Capacity:
    """The figure does not hold."""
    return _step(capacity_id, "refuse", values)


@blp.route("/capacities/<capacity_id>/<any(agree, drop):action>", methods=["POST"])
@blp.arguments(CapacityStepIn)
@blp.response(200, CapacityOut)
@needs("capacities.agree")
def decide(values: dict[str, Any], capacity_id: str, action: str) -> Capacity:
    """A second person on a raise that waits."""
    return _step(capacity_id, action, values)


@blp.route("/capacities/<capacity_id>/withdraw", methods=["POST"])
@blp.arguments(CapacityStepIn)
@blp.response(200, CapacityOut)
@needs("enterprises.edit")
def withdraw(values: dict[str, Any], capacity_id: str) -> Capacity:
    """Its enterprise takes it back while nothing is used of it."""
    return _step(capacity_id, "withdraw", values)


def _step(capacity_id: str, action: str, values: dict[str, Any]) -> Capacity:
    with writing() as work:
        return capacities.step(work, capacity_id, action, **values)
