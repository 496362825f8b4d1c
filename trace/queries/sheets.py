"""Draws the sheets of an order. Labels are in Chinese, as goods sold in China need; nothing is written down here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial
from io import BytesIO
from typing import Any

from sqlmodel import Session

from brand.kernel.errors import invalid
from brand.kernel.texts import say
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Brand, Product
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import signed_address
from trace.crypto.second_codes import SecondCodes
from trace.crypto.typed_codes import human_readable
from trace.formats.label_drawing import Fact, LabelText
from trace.formats.label_files import Printing, PrintKind, write
from trace.formats.label_raster import Printer, png
from trace.formats.label_type import missing
from trace.formats.qr_symbols import encode_symbols
from trace.models.batches import Batch, PackLine
from trace.models.labels import LabelOrder
from trace.queries import cuts, labels
from trace.rules.cuts import PLAIN

_LANGUAGE = "zh"


def sheets(
    session: Session,
    order: LabelOrder,
    first: int,
    last: int,
    public_url: str,
    wanted: Printing,
    second: SecondCodes | None = None,
) -> bytes:
    """The file of a range, every symbol read back; raises the refusals of ``write``.

    ``second`` makes the hidden codes of an order that has them, for the list alone: a sheet would show them.

    Some tenths of a second per thousand labels: not to be called inside a writing transaction.
    """
    out = BytesIO()
    hidden = second if order.second_code and wanted.kind is PrintKind.CSV else None
    write(label_texts(session, order, first, last, public_url, hidden), wanted, out)
    return out.getvalue()


def preview(session: Session, order: LabelOrder, position: int, public_url: str, wanted: Printing) -> bytes:
    """The first label from ``position`` on that is not void, as it will lie on that layout.

    Raises ``labels.nothing_to_print`` where all that follow are void.
    """
    one = next(label_texts(session, order, position, order.size, public_url), None)
    if one is None:
        raise invalid("labels.nothing_to_print")
    matrix = encode_symbols([one.address])[0]
    return png(Printer(wanted.layout, len(matrix), wanted.dpi).label(one, matrix), wanted.dpi)


@dataclass(frozen=True)
class Words:
    """What all labels of an order have in common, free of the session it was read with."""

    order_id: str
    second_code: bool
    address: Callable[[str, str], str]
    unit: Callable[[str], UnitCode]
    label: Callable[..., LabelText]

    def hidden(self, second: SecondCodes | None, wanted: Printing) -> SecondCodes | None:
        """Who makes the hidden codes, for the list alone: a sheet would show them."""
        return second if self.second_code and wanted.kind is PrintKind.CSV else None


@dataclass(frozen=True)
class Run:
    """Labels ``first`` to ``last`` that are still to come."""

    first: int
    last: int


def words_of(session: Session, order: LabelOrder, public_url: str) -> Words:
    """``public_url`` goes in front of each code."""
    batch = session.get_one(Batch, order.batch_id)
    label = partial(LabelText, **_said(session, batch, session.get_one(PackLine, order.pack_line_id), order.licence_id))
    code = labels.coding(order, batch)
    kid = order.kid if order.signed else ""

    def address(serial: str, signature: str) -> str:
        one = code(serial)
        return f"{public_url}{signed_address(one, kid, signature) if kid else one.address}"

    return Words(order.id, order.second_code, address, partial(UnitCode, batch.code), label)


def unprintable(session: Session, batch: Batch, line: PackLine) -> tuple[str, str, str] | None:
    """What of the label of such a pack the typeface cannot write: its name in ``LabelText``, the words, the character.

    None where all of it can be printed.
    """
    assert batch.licence_id is not None, "only goods of a licence get labels"
    for name, said in _said(session, batch, line, batch.licence_id).items():
        words = said.value if isinstance(said, Fact) else said
        lacking = missing(words)
        if lacking:
            return name, words, lacking
    return None


def texts_of(session: Session, words: Words, run: Run, second: SecondCodes | None) -> tuple[list[LabelText], Run]:
    """The next labels of a run that are not void, a piece at most, and what is left of it."""
    rows = labels.printable(session, words.order_id, run.first, run.last)
    some = [
        words.label(
            address=words.address(serial, signature),
            code=human_readable(words.unit(serial)),
            second=second.code(serial) if second is not None else "",
        )
        for _, serial, signature in rows
    ]
    return some, Run(rows[-1][0] + 1 if rows else run.last + 1, run.last)


def label_texts(
    session: Session,
    order: LabelOrder,
    first: int,
    last: int,
    public_url: str,
    second: SecondCodes | None = None,
) -> Iterator[LabelText]:
    """The labels ``first``…``last`` of an order that are not void; memory does not grow with the range."""
    words, run = words_of(session, order, public_url), Run(first, last)
    while run.first <= run.last:
        some, run = texts_of(session, words, run, second)
        yield from some


def _said(session: Session, batch: Batch, line: PackLine, licence_id: str) -> dict[str, Any]:
    """What all labels of a pack line say, by their names in ``LabelText``."""
    licence = session.get_one(Licence, licence_id)
    licensee = session.get_one(Enterprise, batch.licensee_id)
    best_before = line.packed_on + timedelta(days=line.shelf_life_days)
    return {
        "brand": session.get_one(Brand, licence.brand_id).name,
        "product": session.get_one(Product, licence.product_id).name,
        "cut": _cut(session, batch, line),
        "net_weight": _fact("net_weight", f"{_trimmed(line.net_kg)} kg"),
        "packed": _fact("packed", line.packed_on.isoformat()),
        "best_before": _fact("best_before", f"{best_before.isoformat()}（{line.storage}）"),
        "lot": _fact("lot", batch.lot),
        "producer": _fact("producer", licensee.name),
        "credit_code": _fact("credit_code", licensee.credit_code or "—"),
    }


def _cut(session: Session, batch: Batch, line: PackLine) -> str:
    """The cut's name, marked where nobody compared it with the printed standard."""
    if cuts.of(session, batch.form, batch.product_id, line.cut) in PLAIN:
        return line.cut
    return say(_LANGUAGE, "labels.cut_to_be_checked", cut=line.cut)


def _fact(caption: str, value: str) -> Fact:
    return Fact(say(_LANGUAGE, f"labels.caption.{caption}"), value)


def _trimmed(kg: Decimal) -> str:
    """At least one decimal and no useless zeros: 0.5, 2.25."""
    text = f"{kg:.3f}".rstrip("0")
    return f"{text}0" if text.endswith(".") else text
