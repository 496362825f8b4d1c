"""The second person's word on an unusual yield: with a yes the act is done as it was stated, with a no it never was."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from brand.kernel.work import Work
from trace.models.flows import FlowProposal
from trace.rules.flows import OperationKind
from trace.services import flow_proposals, flows
from trace.services.flow_parts import from_content
from trace.services.ledger import Said


def agree(work: Work, proposal_id: str, *, version: int, words: str) -> FlowProposal:
    """Do it now, everything asked again but the band; raises what ``flow_proposals.take`` and the act raise."""
    found = flow_proposals.take(work, proposal_id, "agree", version=version, words=words)
    said = Said(found.proposed_by, work.actor.person_id)
    found.operation_id = _DONE[OperationKind(found.kind)](work, found, said)
    work.session.flush()
    return found


def refuse(work: Work, proposal_id: str, *, version: int, words: str) -> FlowProposal:
    """It is not done, and says why."""
    return flow_proposals.take(work, proposal_id, "refuse", version=version, words=words)


def withdraw(work: Work, proposal_id: str, *, version: int) -> FlowProposal:
    """Its enterprise takes it back."""
    return flow_proposals.take(work, proposal_id, "withdraw", version=version, words="")


def _transform(work: Work, found: FlowProposal, said: Said) -> str | None:
    made = flows.carry_out(work, found.enterprise_id, from_content(found.content), said)
    return made[0].operation_id


_DONE: Mapping[OperationKind, Callable[[Work, FlowProposal, Said], str | None]] = {
    OperationKind.TRANSFORM: _transform,
}
