"""Reads what a printed commitment certificate says: words from the Chinese catalogue, values from the certificate."""

from __future__ import annotations

from brand.kernel import texts
from trace.formats.papers import CommitmentPaper
from trace.models.commitments import Commitment
from trace.queries.commitments import words
from trace.rules.commitments import Basis, State


def paper(one: Commitment, public_url: str) -> CommitmentPaper:
    """The paper that goes with the goods; the contact stands here and nowhere public."""
    said = words(one)
    pairs = {
        "product": said["product"],
        "quantity": f"{said['quantity_kg']} kg",
        "origin": said["origin"],
        "issued_on": said["issued_on"],
        "number": said["number"],
        "contact": one.contact,
        "party": said["party"],
    }
    return CommitmentPaper(
        title=said["title"],
        style=_say("style", style=texts.say("zh", f"commitment.style.{one.style}")),
        ended=_ended(one.state),
        promise=said["promise"],
        bases_heading=_say("bases"),
        bases=[(texts.say("zh", f"commitment.basis.{basis}"), basis in one.bases) for basis in Basis],
        pairs=[(_say(name), value) for name, value in pairs.items() if value],
        signature=_say("signature"),
        check=_say("check"),
        rule=_say("rule"),
        digest=f"SHA-256 {one.digest}",
        address=f"{public_url.rstrip('/')}/q/{one.code}",
    )


def _ended(state: str) -> str:
    """A paper printed again after its end must not pass for one that counts."""
    return "" if state == State.VALID else _say("ended", state=texts.say("zh", f"commitment.state.{state}"))


def _say(key: str, **params: object) -> str:
    return texts.say("zh", f"commitment_paper.{key}", **params)
