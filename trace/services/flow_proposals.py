"""Keeps acts with an unusual yield until another person agrees; nothing is taken from their goods meanwhile."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import conflict, unknown
from brand.kernel.work import Work
from trace.models.flows import FlowProposal
from trace.rules.flows import FLOW, OperationKind, Share


def add(
    work: Work,
    kind: OperationKind,
    enterprise_id: str,
    content: Mapping[str, Any],
    shares: Sequence[Share],
    *,
    batch_id: str | None = None,
) -> FlowProposal:
    """Keep what was stated; needs no permission of its own. Raises ``flows.waiting_already`` for the very same."""
    said = json.dumps([kind.value, enterprise_id, content], sort_keys=True, ensure_ascii=False).encode()
    digest = hashlib.sha256(said).hexdigest()
    # Two who state the same at once take turns at their enterprise's open proposals by the unique key.
    same = select(FlowProposal.id).where(FlowProposal.digest == digest, FlowProposal.state == "open")
    if work.session.exec(same).first():
        raise conflict("flows.waiting_already")
    made = FlowProposal(
        kind=kind.value,
        enterprise_id=enterprise_id,
        batch_id=batch_id,
        content=dict(content),
        digest=digest,
        shares=[one.params for one in shares],
        proposed_by=work.actor.person_id or "",
        proposed_at=work.now,
    )
    work.session.add(made)
    work.session.flush()
    audit.record(work, "flows.propose", "flow_proposal", made.id, enterprise_id=enterprise_id, kind=kind.value)
    return made


def take(work: Work, proposal_id: str, action: str, *, version: int, words: str) -> FlowProposal:
    """Move a proposal on by one guarded statement: of two who decide at once only one does.

    Raises ``access.unknown``, ``flows.stale``, ``flows.another_person``, ``flows.words_needed``, ``flows.wrong_state``.
    """
    found = work.session.get(FlowProposal, proposal_id)
    if found is None or action not in FLOW.actions:
        raise unknown()
    permission = next(one.permission for one in FLOW.steps if one.action == action)
    work.actor.require(permission, found.enterprise_id)
    facts = {"person": work.actor.person_id, "proposed_by": found.proposed_by, "words": words}
    move = FLOW.apply(found.state, action, facts)
    values = {"state": move.next_state, "words": words, "decided_by": work.actor.person_id, "decided_at": work.now}
    same = (col(FlowProposal.id) == proposal_id, col(FlowProposal.version) == version)
    taken = work.session.exec(update(FlowProposal).where(*same).values(version=version + 1, **values)).rowcount
    work.session.refresh(found)
    if taken != 1:
        raise conflict("flows.stale")
    audit.record(work, move.audit, "flow_proposal", found.id, enterprise_id=found.enterprise_id, kind=found.kind)
    return found
