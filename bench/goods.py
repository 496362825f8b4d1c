"""Grows goods by the ten thousand as the services would leave them: batches, acts with their draws, flows and events.

The county's own rows are the pattern, only ids, codes, weights and parties differ; the books add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from brand.kernel.ids import new_id
from trace.models.batches import Batch, Carcass, Flow, PackLine
from trace.models.containers import PackStock
from trace.models.events import Event
from trace.models.flows import Draw, Operation
from trace.models.herds import Animal, AnimalId
from trace.models.labels import Label
from trace.rules.flows import OperationKind

_AT_ONCE = 5000
#: In the order in which they may be written.
_MODELS: tuple[Any, ...] = (
    Operation,
    Batch,
    Event,
    Draw,
    Flow,
    Animal,
    AnimalId,
    Carcass,
    PackLine,
    PackStock,
    Label,
)


class Goods:
    """Rows that wait to be written; weights in whole kg."""

    def __init__(self, session: Session) -> None:
        self._session = session
        patterns = (Batch, Carcass, PackLine, Label, Event, Operation)
        self.pattern = {one: session.exec(select(one)).first().model_dump() for one in patterns}  # type: ignore[union-attr]
        self.rows: dict[Any, list[dict[str, Any]]] = {one: [] for one in _MODELS}
        self._batches: dict[str, dict[str, Any]] = {}

    def add(self, model: Any, **values: Any) -> str:
        """One row after the county's pattern, with a fresh id unless ``values`` name one."""
        row = self.pattern.get(model, {}) | {"id": new_id()} | values
        self.rows[model].append(row)
        return str(row["id"])

    def begun(self, holder: str, kg: int) -> str:
        """A batch that nothing was made into."""
        act = self._act(OperationKind.COMMISSION, holder, 0, kg)
        return self._batch(holder, kg, act)

    def made(self, kind: OperationKind, holder: str, sources: Mapping[str, int], shares: Iterable[int]) -> list[str]:
        """Batches of these weights out of so much of each source; both sums are the same."""
        weights = list(shares)
        act = self._act(kind, holder, sum(sources.values()), sum(weights))
        self._draw(act, sources)
        found = [self._batch(holder, kg, act) for kg in weights]
        for one, kg in zip(found, weights, strict=True):
            event = self._event(one, kind)
            for source, taken in sources.items():
                part = Decimal(taken) * kg / sum(weights)
                self.rows[Flow].append(
                    {"id": new_id(), "input_id": source, "output_id": one, "kg": part, "event_id": event}
                )
        return found

    def packed(self, batch: str, packs: int) -> None:
        """All of a batch in packs of one line, with a label on each."""
        row = self._batches[batch]
        kg = row["total_kg"]
        self._draw(self._act(OperationKind.PACK, row["holder_id"], kg, kg), {batch: kg})
        line = self.add(PackLine, batch_id=batch, packs=packs, ordered=packs, gone=0, net_kg=kg / packs)
        self.add(PackStock, pack_line_id=line, holder_id=row["holder_id"], packs=packs)
        pattern, first = self.pattern[Label], len(self.rows[Label]) + 2
        self.rows[Label] += [
            pattern | {"serial": new_id()[:16], "batch_id": batch, "position": first + place} for place in range(packs)
        ]

    def write(self) -> None:
        for model in _MODELS:
            rows = self.rows[model]
            for start in range(0, len(rows), _AT_ONCE):
                self._session.connection().execute(insert(model), rows[start : start + _AT_ONCE])

    def _batch(self, holder: str, kg: int, act: str) -> str:
        made, weight = new_id(), Decimal(kg)
        fresh = {"id": made, "code": made[:8], "lot": made, "holder_id": holder, "operation_id": act}
        self._batches[made] = (
            self.pattern[Batch] | fresh | {"total_kg": weight, "quantity": weight, "used_kg": Decimal(0)}
        )
        self.rows[Batch].append(self._batches[made])
        return made

    def _act(self, kind: OperationKind, holder: str, in_kg: int, out_kg: int) -> str:
        sums = {"in_kg": Decimal(in_kg), "out_kg": Decimal(out_kg), "gone_kg": Decimal(0), "loss_kg": Decimal(0)}
        return self.add(Operation, kind=kind.value, enterprise_id=holder, undoes_id=None, **sums)

    def _draw(self, act: str, sources: Mapping[str, int]) -> None:
        for source, kg in sources.items():
            self._batches[source]["used_kg"] += Decimal(kg)
            self.add(Draw, operation_id=act, batch_id=source, kg=Decimal(kg))

    def _event(self, batch: str, kind: OperationKind) -> str:
        return self.add(Event, subject_id=batch, batch_id=batch, corrects_id=None, data={}, operation=kind.value)
