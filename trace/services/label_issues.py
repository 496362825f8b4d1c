"""Signs and stores the labels of an order piece by piece, and tells the log of all of them at once.

A piece is stored whole with its serials, or not at all, under a key that can be there once: a run that is taken up
again goes on behind the last piece, whoever died, and two who run at once cannot both have a piece.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from secrets import SystemRandom

from sqlalchemy import delete, insert
from sqlmodel import col, func, select, update

from brand.kernel import audit
from brand.kernel.errors import conflict
from brand.kernel.work import Work
from brand.models.licences import Licence
from brand.services import licences
from trace.crypto import merkle
from trace.crypto.code_profiles import Code
from trace.crypto.label_codes import fresh_serials
from trace.crypto.second_codes import SecondCodes
from trace.crypto.tlog_proofs import unit_hash
from trace.models.batches import Batch, PackLine
from trace.models.label_chunks import PIECE, LabelChunk
from trace.models.labels import Label, LabelOrder
from trace.models.second_codes import SecondCode
from trace.queries.labels import coding
from trace.rules.control_labels import share
from trace.rules.label_flow import FLOW, OrderState
from trace.rules.labels import LabelState
from trace.services import second_codes
from trace.services.signer import LabelSigner


def signed_so_far(work: Work, order_id: str) -> tuple[int, int]:
    """Pieces and labels of an order that are stored."""
    asked = select(func.count(), func.coalesce(func.sum(col(LabelChunk.labels)), 0))
    pieces, count = work.session.exec(asked.where(LabelChunk.order_id == order_id)).one()
    return pieces, count


def sign_piece(work: Work, signer: LabelSigner, order_id: str, second: SecondCodes | None) -> int:
    """Sign and store the next piece; gives how many labels there are then.

    Raises ``label_orders.wrong_state`` when the order is signed or called off, and the refusals of the signer.
    """
    made = _signing(work, order_id)
    pieces, count = signed_so_far(work, order_id)
    wanted = min(PIECE, made.size - count)
    if wanted > 0:
        _store(work, signer, made, pieces, count, wanted, second if made.second_code else None)
    return count + max(wanted, 0)


def finish(work: Work, order_id: str) -> LabelOrder:
    """All pieces are there: from now on the log tells of the codes, and the order may be released.

    Raises ``label_orders.wrong_state``.
    """
    made = _signing(work, order_id)
    made.state = FLOW.apply(made.state, "sign", {}).next_state
    work.session.flush()
    tell(work, made)
    return made


def tell(work: Work, made: LabelOrder) -> None:
    """The act of the issue, with the root under which the log proves each label."""
    batch = work.session.get_one(Batch, made.batch_id)
    replaced = work.session.get_one(LabelOrder, made.replaces_id).number if made.replaces_id else ""
    audit.record(
        work,
        "labels.order",
        "label_order",
        made.id,
        enterprise_id=batch.licensee_id,
        number=made.number,
        batch=batch.code,
        licence=work.session.get_one(Licence, made.licence_id).number,
        packs=made.packs,
        kg=made.kg,
        kid=made.kid,
        gtin=made.gtin or "",
        expiry=made.expiry or "",
        unsigned="" if made.signed else "yes",
        **({"controls": made.controls} if made.controls else {}),
        **({"replaces": replaced} if replaced else {}),
        units_root=base64.b64encode(_root(work, made.id)).decode("ascii"),
    )


def issue(work: Work, signer: LabelSigner, made: LabelOrder, second: SecondCodes | None) -> None:
    """All pieces of a small order in the transaction that orders it."""
    for number, start in enumerate(range(0, made.size, PIECE)):
        _store(work, signer, made, number, start, min(PIECE, made.size - start), second)
    tell(work, made)


def call_off(work: Work, order_id: str) -> None:
    """The labels of an order that cannot be signed were nobody's yet: they go, and weight and packs are given back.

    Raises ``label_orders.wrong_state``.
    """
    made = _signing(work, order_id)
    move = FLOW.apply(made.state, "call_off", {})
    made.state = move.next_state
    work.session.flush()
    serials = select(Label.serial).where(Label.order_id == order_id)
    connection = work.session.connection()
    connection.execute(delete(SecondCode).where(col(SecondCode.serial).in_(serials)))
    connection.execute(delete(Label).where(col(Label.order_id) == order_id))
    connection.execute(delete(LabelChunk).where(col(LabelChunk.order_id) == order_id))
    given = update(PackLine).where(col(PackLine.id) == made.pack_line_id, col(PackLine.ordered) >= made.packs)
    if work.session.exec(given.values(ordered=col(PackLine.ordered) - made.packs)).rowcount != 1:
        raise conflict("labels.stale")
    licences.give_back(work, made.licence_year_id, kg=made.kg, labels=made.packs)
    licensee = work.session.get_one(Batch, made.batch_id).licensee_id
    told = {"number": made.number, "packs": made.packs}
    audit.record(work, move.audit, "label_order", made.id, enterprise_id=licensee, **told)


def _signing(work: Work, order_id: str) -> LabelOrder:
    """The order while it is being signed; two who sign it take turns."""
    found = work.session.get_one(LabelOrder, order_id)
    work.session.refresh(found, with_for_update=True)
    FLOW.step(found.state, "sign")
    return found


def _store(
    work: Work,
    signer: LabelSigner,
    made: LabelOrder,
    number: int,
    before: int,
    wanted: int,
    second: SecondCodes | None,
) -> None:
    batch = work.session.get_one(Batch, made.batch_id)
    serials = fresh_serials(wanted)
    codes = list(map(coding(made, batch), serials))
    signatures = _signatures(work, signer, made, codes)
    usual = {"order_id": made.id, "batch_id": batch.id, "state": LabelState.ISSUED.value, "void_reason": ""}
    apart = _control_places(made, before + 1, before + wanted)
    rows = [
        {**usual, "serial": serial, "position": position, "signature": signature, "control": position in apart}
        for position, (serial, signature) in enumerate(zip(serials, signatures, strict=True), start=before + 1)
    ]
    root = merkle.root([unit_hash(one.element) for one in codes]).hex()
    connection = work.session.connection()
    connection.execute(insert(LabelChunk), [{"order_id": made.id, "number": number, "labels": wanted, "root": root}])
    connection.execute(insert(Label), rows)
    if second is not None:
        second_codes.keep(work, second, serials)


def _control_places(made: LabelOrder, first: int, last: int) -> frozenset[int]:
    """Where the control labels of a piece lie: by chance, so that no file and no other order tells."""
    count = share(first, last, made.controls, made.size)
    return frozenset(SystemRandom().sample(range(first, last + 1), count))


def _signatures(work: Work, signer: LabelSigner, made: LabelOrder, codes: Sequence[Code]) -> list[str]:
    if not made.signed:
        return [""] * len(codes)
    return [one.rpartition(".")[2] for one in signer.sign(made.kid, work.now, codes)]


def _root(work: Work, order_id: str) -> bytes:
    """Over the pieces' roots: each is a node of the tree over all units, because pieces are a power of two."""
    return merkle.root(list(_roots(work, order_id)))


def _roots(work: Work, order_id: str) -> Iterator[bytes]:
    statement = select(LabelChunk.root).where(LabelChunk.order_id == order_id).order_by(col(LabelChunk.number))
    return (bytes.fromhex(one) for one in work.session.exec(statement))


def is_signing(order: LabelOrder) -> bool:
    return order.state == OrderState.RESERVED
