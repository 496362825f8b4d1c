"""Pages of what the log tells of a batch, herd, shipment or container, and of what one did oneself, with a signed
receipt of each act to keep.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from brand.edge.pages import render
from brand.edge.policies import needs, signed_in
from brand.edge.requests import actor, house, reading
from brand.kernel import clock
from brand.kernel.work import Work
from trace.parts import parts
from trace.queries import receipts as reads
from trace.queries.receipts import Kind, Told
from trace.schemas.receipts import MOST, CaptureOut, MineIn, MinePageIn, as_lines
from trace.services import receipts
from trace.web.sheets import attachment

bp = Blueprint("receipts", __name__)

#: What the list of one's own acts begins with when no day is named.
_DAYS = timedelta(days=30)


@bp.get("/batches/<batch_id>/acts")
@needs("batches.read")
def of_batch(batch_id: str) -> ResponseReturnValue:
    return _acts(Kind.BATCH, batch_id)


@bp.get("/herds/<herd_id>/acts")
@needs("herds.read")
def of_herd(herd_id: str) -> ResponseReturnValue:
    return _acts(Kind.HERD, herd_id)


@bp.get("/shipments/<number>/acts")
@needs("batches.read")
def of_shipment(number: str) -> ResponseReturnValue:
    return _acts(Kind.SHIPMENT, number)


@bp.get("/containers/<code>/acts")
@needs("batches.read")
def of_container(code: str) -> ResponseReturnValue:
    return _acts(Kind.CONTAINER, code)


@bp.get("/batches/<batch_id>/acts/<act>/receipt")
@needs("batches.read")
def batch_receipt(batch_id: str, act: str) -> Response:
    """The receipt as a file; ``brandtrace verify`` checks it off-line."""
    return _receipt(Kind.BATCH, batch_id, act)


@bp.get("/herds/<herd_id>/acts/<act>/receipt")
@needs("herds.read")
def herd_receipt(herd_id: str, act: str) -> Response:
    return _receipt(Kind.HERD, herd_id, act)


@bp.get("/shipments/<number>/acts/<act>/receipt")
@needs("batches.read")
def shipment_receipt(number: str, act: str) -> Response:
    return _receipt(Kind.SHIPMENT, number, act)


@bp.get("/containers/<code>/acts/<act>/receipt")
@needs("batches.read")
def container_receipt(code: str, act: str) -> Response:
    return _receipt(Kind.CONTAINER, code, act)


@bp.get("/receipts")
@signed_in
def mine() -> ResponseReturnValue:
    """What I did that the log tells of, from a day on, with its receipts one by one or as files."""
    wanted = MinePageIn().take(_asked())
    since = clock.day_begins(wanted["since"])
    with reading() as work:
        found = reads.mine(work.session, actor(), since, wanted["page"], wanted["size"])
        waiting = reads.waiting(work.session, actor(), since)
    parts_of_files = range(1, -(-found.total // MOST) + 1)
    return render("receipts/mine.html", found=found, wanted=wanted, waiting=waiting, files=parts_of_files)


@bp.get("/receipts/mine.jsonl")
@signed_in
def mine_as_file() -> Response:
    """The receipts of what I did since a day, one JSON object a line, ``MOST`` acts a file."""
    wanted = MineIn().take(_asked())
    with reading() as work:
        found = reads.mine(work.session, actor(), clock.day_begins(wanted["since"]), wanted["page"], MOST)
        data = as_lines(_given(work, found.rows))
    name = f"receipts-{wanted['since'].isoformat()}-{found.number}.jsonl"
    return attachment(data, name, "application/jsonl")


@bp.get("/receipts/captures/<capture>/<int(max=9999999999):at>")
@signed_in
def captures(capture: str, at: int) -> ResponseReturnValue:
    """The receipts of what came by one call of mine at that second, for the telephone that asks until none waits."""
    with reading() as work:
        found = reads.of_capture(work.session, actor(), capture, datetime.fromtimestamp(at, UTC))
        rows = _given(work, found[:MOST])
    answer: dict[str, Any] = CaptureOut().dump({"waiting": len(found) - len(rows), "rows": rows})
    return answer


@bp.get("/receipts/<act>")
@signed_in
def my_receipt(act: str) -> Response:
    """The receipt of one act of mine as a file."""
    with reading() as work:
        note = receipts.give_own(work, parts().signer.keeper, house().settings.origin, act)
    return _file(note, act)


def _given(work: Work, acts: Sequence[Told]) -> list[receipts.Kept]:
    return list(receipts.give_several(work, parts().signer.keeper, house().settings.origin, acts))


def _asked() -> dict[str, str]:
    start = (clock.local_day(clock.now()) - _DAYS).isoformat()
    return {"since": start} | {name: text for name, text in request.args.items() if text and name != "lang"}


def _acts(kind: Kind, key: str) -> ResponseReturnValue:
    with reading() as work:
        thing = reads.find(work.session, actor(), kind, key)
        rows = reads.of(work.session, actor(), kind, key)
    return render("receipts/acts.html", kind=kind.value, key=key, thing=thing, rows=rows)


def _receipt(kind: Kind, key: str, act: str) -> Response:
    with reading() as work:
        note = receipts.give(work, parts().signer.keeper, house().settings.origin, kind, key, act)
    return _file(note, act)


def _file(note: str, act: str) -> Response:
    return attachment(note.encode("utf-8"), f"receipt-{act}.txt", "text/plain; charset=utf-8")
