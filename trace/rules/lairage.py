"""Compares animals that arrive at the abattoir with what was announced, with their herd, and with the quarantine paper.

Source: product plan, T4 (intake with tag reading); 动物防疫法 (2021) art. 49 (animals go to slaughter with a paper);
which differences are named is ours. A difference stops nothing by itself: whoever examines the animals says what it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from brand.kernel.errors import Fault, invalid, refused
from brand.kernel.workflow import Facts, Step, Workflow


class LairageState(StrEnum):
    """Announced, tags read, examined before slaughter, slaughtered as a batch; or called off, because nothing came."""

    ANNOUNCED = "announced"
    READ = "read"
    EXAMINED = "examined"
    SLAUGHTERED = "slaughtered"
    CALLED_OFF = "called_off"


@dataclass(frozen=True)
class ReadTag:
    """A tag that was read, and what the herds know of its animal; ``against`` are reasons not to slaughter it."""

    tag: str
    known: bool = True
    of_producer: bool = True
    against: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Paper:
    """The quarantine certificate that came with the animals; ``head`` is what of it is not used up."""

    state: str
    head: Decimal
    of_animals: bool
    issued_on: date
    valid_until: date


@dataclass(frozen=True)
class Announced:
    """What was announced; ``tags`` may be empty where only heads were."""

    head: int
    tags: frozenset[str] = frozenset()


def differences(said: Announced, tags: Sequence[ReadTag], paper: Paper | None, on: date) -> tuple[Fault, ...]:
    """Everything in which announcement, animals, herd and paper do not agree, in that order."""
    return tuple(_differences(said, tags, paper, on))


def _differences(said: Announced, tags: Sequence[ReadTag], paper: Paper | None, on: date) -> Iterator[Fault]:
    if len(tags) != said.head:
        yield Fault("lairage.head_differs", "", {"announced": said.head, "read": len(tags)})
    there = {one.tag for one in tags}
    if said.tags:
        yield from (Fault("lairage.not_there", "", {"tag": tag}) for tag in sorted(said.tags - there))
        yield from (Fault("lairage.not_announced", "", {"tag": tag}) for tag in sorted(there - said.tags))
    for one in tags:
        if not one.known:
            yield Fault("lairage.unknown_tag", "", {"tag": one.tag})
        elif not one.of_producer:
            yield Fault("lairage.other_herd", "", {"tag": one.tag})
        for each in one.against:
            yield Fault(each.code, "", {**each.params, "tag": one.tag})
    yield from _of_paper(paper, len(tags), on)


def _of_paper(paper: Paper | None, head: int, on: date) -> Iterator[Fault]:
    if paper is None:
        yield Fault("lairage.no_paper")
        return
    if not paper.of_animals:
        yield Fault("lairage.paper_of_products")
        return
    if paper.state == "rejected":
        yield Fault("lairage.paper_rejected")
    if not paper.issued_on <= on <= paper.valid_until:
        days = {"first": paper.issued_on.isoformat(), "last": paper.valid_until.isoformat(), "day": on.isoformat()}
        yield Fault("lairage.paper_not_valid", "", days)
    if paper.head < head:
        yield Fault("lairage.paper_for_fewer", "", {"paper": f"{paper.head.normalize():f}", "read": head})


def check_examination(tags: Collection[str], unfit: Collection[str], found: Sequence[Fault], note: str) -> None:
    """Raise ``lairage.nothing_read``, ``.not_read`` (unfit, but never read) or ``.say_why`` (nothing said)."""
    if not tags:
        raise refused("lairage.nothing_read")
    strange = sorted(set(unfit) - set(tags))
    if strange:
        params = {"tag": strange[0]}
        raise invalid("lairage.not_read", faults=[Fault("lairage.not_read", "/unfit", params)], **params)
    if (found or unfit) and not note:
        raise invalid("lairage.say_why", faults=[Fault("lairage.say_why", "/note")])


def everything_is_said(facts: Facts) -> None:
    check_examination(facts["tags"], facts["unfit"], facts["differences"], facts["note"])


def nothing_came(facts: Facts) -> None:
    """Raise ``lairage.something_came`` with how many tags were read: what is there is examined, not called off."""
    if facts["tags"]:
        raise refused("lairage.something_came", read=len(facts["tags"]), announced=facts["head"])


_WRITE = "batches.register"

#: The examination closes a lot. That it was slaughtered follows from its batch, and goes when the batch is taken back.
FLOW = Workflow(
    "lairage",
    (
        Step("new", "announce", "announced", _WRITE, "lairage.announce"),
        *(Step(state, "read", "read", _WRITE, "lairage.read") for state in ("announced", "read")),
        *(
            Step(state, "examine", "examined", _WRITE, "lairage.examine", (everything_is_said,))
            for state in ("announced", "read")
        ),
        *(
            Step(state, "call_off", "called_off", _WRITE, "lairage.call_off", (nothing_came,))
            for state in ("announced", "read")
        ),
    ),
)
