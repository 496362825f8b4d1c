"""Takes in sheets whose rows each go through the service of a page, so that page, program and sheet refuse alike.

Looking is a rehearsal: every row is carried out in a savepoint that is undone at the end, so what it would be refused
for is found by the very code that would refuse it. The doors open a transaction for it that is never committed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from brand.kernel.errors import AppError, Fault, invalid
from brand.kernel.remembered import remembered, remembering
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from trace.formats.line_sheets import LineSheet
from trace.formats.lines import Line, in_reading_order
from trace.models.batches import Batch
from trace.models.imports import SheetImport
from trace.models.places import Place
from trace.rules.places import IN_USE
from trace.services import batches, events
from trace.services.intakes import Intake, Target, Upload, plain_id

#: Under this name a kept sheet holds the ids of what its rows led to, in their order.
ACTS = "acts"
#: Rows rehearsed in one transaction: other writers wait for it.
AT_ONCE = 200
#: Fields of services under the name their column has in every sheet.
_COLUMN_OF = {"place_id": "place", "product_id": "product", "output": "kg", "kind": "leaving", "seal_key": "seal"}


class Form(Protocol):
    """What reads a file of this kind; see ``formats/line_sheets``."""

    def read(self, data: bytes, name: str) -> LineSheet: ...


@dataclass(frozen=True)
class RowSheet:
    """One kind of sheet.

    ``right`` is asked for of the enterprise. ``act``: rows that belong together → ids of what they led to; ``undo``
    takes those back, and without it such rows are only ever corrected. Rows alike in the fields of ``group`` are one
    act and must be alike in ``shared`` too; with ``apart`` a refused act is tried row by row to find which it was.
    ``acts`` does many acts for less and refuses as a whole what ``act`` would of any; then they are done one by one.
    Rows alike in ``together`` rest on each other and are looked at in one piece. ``known``: the row says what is
    recorded already, asked of the rows that ``perhaps`` leaves. Rows are counted by the word in ``says``, and their
    ``weighs`` added up. ``columns`` gives the column for a pointer of the service.
    """

    form: Form
    right: str
    act: Callable[[Work, str, Sequence[Line]], Iterable[str]]
    says: str
    acts: Callable[[Work, str, Sequence[Sequence[Line]]], Iterable[str]] | None = None
    undo: Callable[[Work, SheetImport, Sequence[str]], None] | None = None
    group: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    apart: bool = False
    together: str = ""
    known: Callable[[Work, str, Line], bool] | None = None
    perhaps: Callable[[Work, str, Sequence[Line]], Sequence[Line]] = lambda _work, _owner, lines: lines
    weighs: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outlook:
    """What a sheet would do: rows and kilograms by what each row says; ``unchanged`` rows say what is recorded."""

    counts: Mapping[str, tuple[int, Decimal]]
    unchanged: int = 0


def intake(kind: RowSheet) -> Intake:
    """How sheets of that kind are looked at, taken in, cut and taken back."""

    def permit(work: Work, target: Target) -> str:
        work.actor.require(kind.right, plain_id(target))
        return plain_id(target)

    def look(work: Work, target: Target, sheet: LineSheet) -> Outlook:
        with _undone(work):
            return _carry_out(work, kind, permit(work, target), sheet)[0]

    def take(work: Work, target: Target, upload: Upload) -> None:
        _, made = _carry_out(work, kind, permit(work, target), upload.sheet, upload.heard)
        row = work.session.get_one(SheetImport, upload.import_id)
        row.details = {**row.details, ACTS: ",".join(made)}

    def undo(work: Work, row: SheetImport) -> None:
        made = [one for one in row.details.get(ACTS, "").split(",") if one]
        assert kind.undo is not None
        with _as_one(work):
            kind.undo(work, row, made)

    def pieces(sheet: LineSheet, _size: int) -> Iterable[LineSheet]:
        return _pieces(kind, sheet)

    return Intake(
        kind.form.read,
        permit,
        look,
        take,
        undo if kind.undo else None,
        pieces,
        lambda sheet: {"says": _counted(kind, sheet.rows)},
        rehearsed=True,
        tells=True,
    )


def place_id(work: Work, enterprise_id: str, name: str) -> str | None:
    """The place in use of that name; none for no name. Raises ``places.name_unknown``."""
    if not name:
        return None
    found = _named_place(work.session, enterprise_id, name)
    if found is None:
        raise _no("places.name_unknown", "place", name=name)
    return found


@remembered
def _named_place(session: Session, enterprise_id: str, name: str) -> str | None:
    mine = Place.enterprise_id == enterprise_id, Place.name == name, col(Place.state).in_(IN_USE)
    return session.exec(select(Place.id).where(*mine)).first()


def product_id(work: Work, name: str) -> str:
    """The product of that name; raises ``batches.product_unknown``."""
    found = _named_product(work.session, name)
    if found is None:
        raise _no("batches.product_unknown", "product")
    return found


@remembered
def _named_product(session: Session, name: str) -> str | None:
    return session.exec(select(Product.id).where(Product.name == name)).first()


def batch_of(work: Work, holder_id: str, line: Line) -> Batch:
    """The standing batch of that lot which the enterprise holds; raises ``flows.not_yours``."""
    return batches_of(work, holder_id, [line])[0]


def batches_of(work: Work, holder_id: str, lines: Iterable[Line]) -> list[Batch]:
    """The same for many rows, asked for at once."""
    lots = [line.values["lot"] for line in lines]
    mine = Batch.holder_id == holder_id, col(Batch.lot).in_(set(lots)), col(Batch.withdrawn).is_(False)
    found = work.session.exec(select(Batch).where(*mine).execution_options(populate_existing=True)).all()
    of = {one.lot: one for one in found}
    twice = Counter(one.lot for one in found)
    for place, lot in enumerate(lots):
        if twice[lot] != 1:
            raise _no("flows.not_yours", f"{place}/lot")
    return [of[lot] for lot in lots]


@contextmanager
def _undone(work: Work) -> Iterator[None]:
    """Whatever is done inside never was."""
    trial = work.session.begin_nested()
    try:
        yield
    finally:
        if trial.is_active:
            trial.rollback()


@contextmanager
def _as_one(work: Work) -> Iterator[None]:
    """What no row changes is asked once, and what the rows touch is counted up once."""
    # Held for as long as the rows last, so that getting them by their ids asks nothing.
    held = work.session.exec(select(Product)).all()
    with remembering(work.session), events.touching_once(work):
        yield
    del held


def _carry_out(
    work: Work, kind: RowSheet, owner: str, sheet: LineSheet, heard: Callable[[int], None] = lambda _: None
) -> tuple[Outlook, list[str]]:
    """Every act in its own savepoint, so that one refused row hides no other; raises ``imports.faulty`` with all.

    ``heard`` is told after every so many rows how many are done.
    """
    with _as_one(work):
        mine = work.session.get(Enterprise, owner)  # held like the products
        new, unchanged = _new(work, kind, owner, sheet.rows)
        faults, made, done = [*sheet.faults], list[str](), unchanged
        for some in _portions(_groups(new, kind.group).values()):
            ids, wrong = _try_all(work, kind, owner, sheet, some)
            made += ids
            faults += wrong
            if done // AT_ONCE < (done := done + sum(map(len, some))) // AT_ONCE:
                heard(done)
        del mine
        batches.refuse_faults(in_reading_order(faults))
    return Outlook({word: (rows, kg) for word, (rows, kg) in _weighed(kind, new).items()}, unchanged), made


def _new(work: Work, kind: RowSheet, owner: str, rows: Sequence[Line]) -> tuple[list[Line], int]:
    if kind.known is None:
        return list(rows), 0
    perhaps = (
        line for at in range(0, len(rows), AT_ONCE) for line in kind.perhaps(work, owner, rows[at : at + AT_ONCE])
    )
    known = {line.number for line in perhaps if _is_known(work, kind.known, owner, line)}
    return [line for line in rows if line.number not in known], len(known)


def _is_known(work: Work, known: Callable[[Work, str, Line], bool], owner: str, line: Line) -> bool:
    """A row that names what is not there is not known; carrying it out says so."""
    try:
        return known(work, owner, line)
    except AppError:
        return False


def _try_all(
    work: Work, kind: RowSheet, owner: str, sheet: LineSheet, groups: Sequence[Sequence[Line]]
) -> tuple[list[str], list[Fault]]:
    """Many acts at once where the kind knows how; which of them is refused, and for what, is found one by one."""
    unlike = [_unlike(kind, sheet, lines) for lines in groups]
    if kind.acts is not None and len(groups) > 1 and not any(unlike):
        with suppress(AppError, IntegrityError), work.session.begin_nested():
            return [*kind.acts(work, owner, groups)], []
    made, faults = list[str](), list[Fault]()
    for lines, wrong in zip(groups, unlike, strict=True):
        ids, refused = ([], wrong) if wrong else _try(work, kind, owner, sheet, lines)
        made += ids
        faults += refused
    return made, faults


def _try(
    work: Work, kind: RowSheet, owner: str, sheet: LineSheet, lines: Sequence[Line]
) -> tuple[list[str], list[Fault]]:
    try:
        with work.session.begin_nested():
            return [*kind.act(work, owner, lines)], []
    except AppError as error:
        if kind.apart and len(lines) > 1:
            alone = [fault for line in lines for fault in _refused_alone(work, kind, owner, sheet, line)]
            return [], alone or _at(kind, sheet, lines, error)
        return [], _at(kind, sheet, lines, error)


def _refused_alone(work: Work, kind: RowSheet, owner: str, sheet: LineSheet, line: Line) -> list[Fault]:
    with _undone(work):
        return _try(work, kind, owner, sheet, [line])[1]


def _at(kind: RowSheet, sheet: LineSheet, lines: Sequence[Line], error: AppError) -> list[Fault]:
    """The faults of a refusal at their cells: a number in a pointer says which of the rows."""
    found = []
    for one in error.faults or (Fault(error.code, "", error.params),):
        parts = one.pointer.strip("/").split("/")
        at = next((int(part) for part in parts if part.isdigit() and int(part) < len(lines)), 0)
        said = next((part for part in reversed(parts) if part and not part.isdigit()), "")
        field = kind.columns.get(said) or _COLUMN_OF.get(said) or said
        found.append(sheet.fault(lines[at], field, one.code, one.params))
    return found


def _unlike(kind: RowSheet, sheet: LineSheet, lines: Sequence[Line]) -> list[Fault]:
    """Rows of one act that say different things of what they share."""
    first = lines[0]
    return [
        sheet.fault(line, name, "imports.rows_differ", {"first_row": first.number})
        for line in lines[1:]
        for name in kind.shared
        if line.values.get(name) != first.values.get(name)
    ]


def _groups(rows: Iterable[Line], by: Sequence[str]) -> dict[object, list[Line]]:
    found: dict[object, list[Line]] = {}
    for line in rows:
        found.setdefault(tuple(line.values.get(name) for name in by) if by else line.number, []).append(line)
    return found


def _portions(groups: Iterable[Sequence[Line]]) -> Iterator[list[Sequence[Line]]]:
    """Acts of some two hundred rows together."""
    waiting: list[Sequence[Line]] = []
    rows = 0
    for lines in groups:
        if waiting and rows + len(lines) > AT_ONCE:
            yield waiting
            waiting, rows = [], 0
        waiting.append(lines)
        rows += len(lines)
    if waiting:
        yield waiting


def _pieces(kind: RowSheet, sheet: LineSheet) -> Iterator[LineSheet]:
    """Parts of some two hundred rows; rows that rest on each other stay in one."""
    for some in _portions(_groups(sheet.rows, (kind.together,) if kind.together else kind.group).values()):
        yield replace(sheet, rows=tuple(line for lines in some for line in lines), faults=())


def _weighed(kind: RowSheet, rows: Iterable[Line]) -> dict[str, tuple[int, Decimal]]:
    counts: dict[str, tuple[int, Decimal]] = {}
    for line in rows:
        word = str(line.values.get(kind.says, ""))
        head, kg = counts.get(word, (0, Decimal(0)))
        counts[word] = (head + 1, kg + (line.values.get(kind.weighs) or Decimal(0)))
    return counts


def _counted(kind: RowSheet, rows: Iterable[Line]) -> dict[str, int]:
    return {word: head for word, (head, _) in _weighed(kind, rows).items()}


def _no(code: str, field: str, **params: Any) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}", params)], **params)
