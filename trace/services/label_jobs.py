"""Label orders too large for one request: signed piece by piece, and written as files of a bearable size, in a job.

Both go on where a dead runner stopped. Files lie in a folder of their own, readable by the service alone, and go after
a week; they can always be made again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from brand.kernel import audit
from brand.kernel.db import Database
from brand.kernel.errors import AppError, conflict, unknown
from brand.kernel.work import Work
from trace.crypto.second_codes import SecondCodes
from trace.formats.label_drawing import LabelText
from trace.formats.label_files import Printing, printing, write
from trace.models.jobs import Job, JobState
from trace.models.label_chunks import PIECE
from trace.models.labels import LabelOrder
from trace.queries.sheets import Run, Words, texts_of, words_of
from trace.rules.labels import AT_ONCE
from trace.services import label_issues, labels
from trace.services.signer import LabelSigner

SIGN, PRINT = "sign", "print"
#: How long files of a job are kept.
KEPT_FOR = timedelta(days=7)
#: After what time a refused run is tried again by itself: a signer that has signed enough for a day, or is not there,
#: and a log that has not signed for the codes yet.
WAIT, MOMENT = timedelta(minutes=30), timedelta(seconds=2)
WAITS_FOR = {"signer.ceiling": WAIT, "signer.unreachable": WAIT, "labels.not_in_head": MOMENT}


@dataclass(frozen=True)
class Tools:
    """What label jobs need of the installation."""

    signer: LabelSigner
    second: SecondCodes
    public_url: str
    folder: Path


@dataclass(frozen=True)
class Hand:
    """What a runner lends to one job: its person's transactions, marks of progress, the database to read."""

    database: Database
    acting: Callable[[], AbstractContextManager[Work]]
    mark: Callable[[int, int], None]


def begin_sign(work: Work, order: LabelOrder) -> Job:
    """Signing an order that was reserved; called by the order, which has asked for the permission."""
    return _add(work, order, SIGN, order.size, {})


def begin_print(work: Work, order_id: str, *, first: int, last: int, wanted: dict[str, Any]) -> Job:
    """Files of a range too large for one request; raises what ``labels.check_print`` and ``printing`` raise."""
    order = labels.check_print(work, order_id, first=first, last=last)
    printing(**wanted)
    return _add(work, order, PRINT, last - first + 1, {"first": first, "last": last, **wanted})


def find(work: Work, order_id: str, job_id: str) -> Job:
    """A job on an order the person may see; raises ``access.unknown``."""
    job = work.session.get(Job, job_id)
    if job is None or job.order_id != order_id:
        raise unknown()
    return job


def of_order(work: Work, order_id: str) -> list[Job]:
    """Jobs on an order, newest first."""
    statement = select(Job).where(Job.order_id == order_id)
    return list(work.session.exec(statement.order_by(col(Job.made_at).desc(), col(Job.id).desc())))


def part(tools: Tools, job: Job, number: int) -> Path:
    """The ``number``-th file (from 1) of a printing job that is done; raises ``access.unknown``."""
    if number not in {one for one, _, _ in files(tools, job)}:
        raise unknown()
    return _path(tools, job, number, printing_of(job))


def files(tools: Tools, job: Job) -> list[tuple[int, int, int]]:
    """Number, first and last label of every file of a printing job that is there now."""
    if job.kind != PRINT or job.state != JobState.DONE:
        return []
    made = printing_of(job)
    there = enumerate(spans(job), start=1)
    return [(number, *span) for number, span in there if _path(tools, job, number, made).is_file()]


def printing_of(job: Job) -> Printing:
    return printing(**{name: value for name, value in job.wanted.items() if name not in ("first", "last")})


def spans(job: Job) -> list[tuple[int, int]]:
    """First and last label of each file of a printing job."""
    return pieces(job.wanted["first"], job.wanted["last"]) if job.kind == PRINT else []


def pieces(first: int, last: int) -> list[tuple[int, int]]:
    """A range in the sizes one file bears."""
    return [(start, min(start + AT_ONCE - 1, last)) for start in range(first, last + 1, AT_ONCE)]


def sign(job: Job, hand: Hand, tools: Tools) -> int:
    """Every piece that is not there yet, each in a transaction of its own, then the act of the issue."""
    count, order_id = -1, str(job.order_id)
    while count < job.rows:
        with hand.acting() as work:
            count = label_issues.sign_piece(work, tools.signer, order_id, tools.second)
        hand.mark(count, job.rows)
    with hand.acting() as work:
        label_issues.finish(work, order_id)
        end(work, job, {"labels": count})
    return count


def write_files(job: Job, hand: Hand, tools: Tools) -> int:
    """Every file that is not there yet; one that is there is whole, because it gets its name last."""
    wanted, done = printing_of(job), 0
    (tools.folder / job.id).mkdir(mode=0o700, parents=True, exist_ok=True)
    with hand.database.reading() as session:
        if not labels.in_signed_head(session, str(job.order_id)):
            raise conflict("labels.not_in_head")
        words = words_of(session, session.get_one(LabelOrder, job.order_id), tools.public_url)
    for number, (first, last) in enumerate(spans(job), start=1):
        path = _path(tools, job, number, wanted)
        if not path.exists():
            texts = texts_in_pieces(hand, words, first, last, wanted, tools)
            # A file of which every label is void is none.
            with _passing("labels.nothing_to_print"):
                write_file(path, _marked(texts, hand, done, job), wanted)
        done += last - first + 1
        hand.mark(done, job.rows)
    with hand.acting() as work:
        run = {"first": job.wanted["first"], "last": job.wanted["last"], "layout": wanted.name}
        labels.record_print(work, str(job.order_id), **run)
        end(work, job, {"labels": done})
    return done


def texts_in_pieces(
    hand: Hand, words: Words, first: int, last: int, wanted: Printing, tools: Tools
) -> Iterator[LabelText]:
    """The labels of a file; the database is held for a piece at a time, so that writers need not wait."""
    run, hidden = Run(first, last), words.hidden(tools.second, wanted)
    while run.first <= run.last:
        with hand.database.reading() as session:
            some, run = texts_of(session, words, run, hidden)
        yield from some


def clear(tools: Tools, now: datetime) -> int:
    """Files of jobs that are older than a week go; gives how many jobs lost theirs."""
    if not tools.folder.is_dir():
        return 0
    old = [one for one in tools.folder.iterdir() if now.timestamp() - one.stat().st_mtime > KEPT_FOR.total_seconds()]
    for one in old:
        shutil.rmtree(one)
    return len(old)


def end(work: Work, job: Job, result: dict[str, Any]) -> None:
    """The job is done, in the transaction of what it did last."""
    row = work.session.get_one(Job, job.id)
    row.state, row.ended_at, row.result, row.done_rows = JobState.DONE.value, work.now, result, row.rows


def refused(work: Work, job: Job) -> None:
    """What a refused job leaves behind: an order that cannot be signed is called off."""
    order = work.session.get_one(LabelOrder, job.order_id)
    if job.kind == SIGN and label_issues.is_signing(order):
        label_issues.call_off(work, order.id)


def waits(error: AppError) -> timedelta | None:
    """After what time a refusal may have passed by itself; None: it will not."""
    return WAITS_FOR.get(error.code)


@contextmanager
def _passing(code: str) -> Iterator[None]:
    """That refusal is none here."""
    try:
        yield
    except AppError as error:
        if error.code != code:
            raise


def _marked(labels_there: Iterator[LabelText], hand: Hand, done: int, job: Job) -> Iterator[LabelText]:
    """The same labels, with the count so far written down once a piece."""
    for count, one in enumerate(labels_there, start=1):
        if count % PIECE == 0:
            hand.mark(min(done + count, job.rows), job.rows)
        yield one


def write_file(path: Path, texts: Iterable[LabelText], wanted: Printing) -> None:
    """A file that is whole, or not there; raises what ``write`` raises."""
    rough = path.with_suffix(".rough")
    try:
        with rough.open("wb") as out:
            write(texts, wanted, out)
            out.flush()
            os.fsync(out.fileno())
        rough.replace(path)
    finally:
        rough.unlink(missing_ok=True)


def _path(tools: Tools, job: Job, number: int, wanted: Printing) -> Path:
    return tools.folder / job.id / f"{number:03d}.{wanted.ending}"


def _add(work: Work, order: LabelOrder, kind: str, rows: int, wanted: dict[str, Any]) -> Job:
    batch = labels.batch_of(work, order)
    job = Job(
        kind=kind,
        order_id=order.id,
        enterprise_id=batch.licensee_id,
        account_id=work.actor.account_id or "",
        rows=rows,
        wanted=wanted,
        made_at=work.now,
        beat_at=work.now,
    )
    work.session.add(job)
    work.session.flush()
    audit.record(work, "jobs.begin", "job", job.id, enterprise_id=batch.licensee_id, kind=kind, order=order.id)
    return job
