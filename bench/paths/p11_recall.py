"""P11: a recall of so many head, from their ear tags to every batch, pack and holder; the yardstick is a clock.

The county: carcasses twenty to a batch, each batch cut into two by another enterprise, those mixed in pairs and packed,
with labels on the packs; every second animal is looked for by a tag it lost long ago. One second for a thousand head is
the goal, so the yardstick lets a thousand pass per second.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from time import perf_counter, sleep
from typing import Any

from bench.county import county
from bench.goods import Goods
from bench.rounds import GROWTH, Contest, Path
from brand.kernel.db import Database
from tests import make
from trace.models.batches import Batch, Carcass
from trace.models.herds import Animal, AnimalId
from trace.queries import flows, recall_sets
from trace.queries.recall_sets import Start, StartKind
from trace.rules.animals import IdKind
from trace.rules.flows import OperationKind
from trace.rules.recalls import Width

HEADS = 1000
_PER_BATCH, _PACKS, _KG = 20, 20, 200
_BORN, _TAGGED_AGAIN = date(2026, 3, 1), date(2026, 6, 1)


@contextmanager
def enter(_quick: bool) -> Iterator[Contest]:
    with county(1) as found:
        tags = _grow(found.database, HEADS * GROWTH)

        def recall(heads: int) -> recall_sets.Sets:
            starts = [Start(StartKind.TAG, one) for one in tags[:heads]]
            with found.database.reading() as session:
                named = frozenset().union(*recall_sets.named(session, starts))
                return recall_sets.sets(session, named, Width.ONWARD)

        def further() -> dict[str, Any]:
            start = perf_counter()
            reached = recall(HEADS)
            return {
                "seconds_per_1000": round(perf_counter() - start, 3),
                "batches": len(reached.goods),
                "packs": sum(one.packs for one in reached.goods),
                "labels": sum(one.issued for one in reached.goods),
                "holders": len(reached.holders),
            }

        yield Contest(recall, lambda heads: sleep(heads / HEADS), further)


PATH = Path("P11", "recall of 1,000 heads to every pack and holder", 1.0, HEADS, HEADS // 10, enter)


def _grow(database: Database, heads: int) -> list[str]:
    """The numbers the animals are looked for by; the books of what was made of them agree with themselves."""
    with database.writing() as session:
        before = flows.differences(session)
        goods = Goods(session)
        found: list[str] = []
        cuts: list[str] = []
        for first in range(0, heads, _PER_BATCH):
            root = goods.begun("abattoir", _KG)
            found += [_animal(goods, root, place) for place in range(first, first + _PER_BATCH)]
            cuts += goods.made(OperationKind.SPLIT, "rival_abattoir", {root: _KG}, [_KG // 2, _KG // 2])
        for one, other in zip(cuts[::2], cuts[3::2] + cuts[1:2], strict=True):
            sources = {one: _KG // 2, other: _KG // 2}
            goods.packed(goods.made(OperationKind.MERGE, "rival", sources, [_KG])[0], _PACKS)
        goods.write()
        assert flows.differences(session) == before, "the books add up"
    return found


def _animal(goods: Goods, batch: str, place: int) -> str:
    """A carcass with its animal, which bore another tag before; the tag it is looked for by."""
    tag, old = f"3150825{place:08}", f"3150826{place:08}"
    row = {
        "species": "sheep",
        "sex": "female",
        "origin": "recorded",
        "state": "slaughtered",
        "state_on": date(2026, 9, 12),
    }
    animal = goods.add(Animal, **row, registered_at=make.MONDAY, registered_by=goods.pattern[Batch]["registered_by"])
    borne = {"animal_id": animal, "kind": IdKind.EAR_TAG.value, "scope": ""}
    goods.add(AnimalId, **borne, value=old, since=_BORN, until=_TAGGED_AGAIN, current=None)
    goods.add(AnimalId, **borne, value=tag, since=_TAGGED_AGAIN, until=None, current=IdKind.EAR_TAG.value)
    goods.add(Carcass, batch_id=batch, animal_id=animal, ear_tag=tag, carcass_no=tag)
    return old if place % 2 else tag
