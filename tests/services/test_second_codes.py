"""Hidden second codes and unsigned labels: five tries a day, of use once, nowhere kept in clear."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from brand.kernel.clock import local_day
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.work import Work
from tests import make
from tests.people import PRODUCER
from trace.crypto.label_codes import new_batch_code
from trace.crypto.readings import read_address
from trace.crypto.second_codes import SIZE, SecondCodes
from trace.formats.label_files import printing
from trace.models.batches import Batch
from trace.models.labels import Label, LabelOrder
from trace.models.second_codes import SecondCode
from trace.queries import labels as reads
from trace.queries.sheets import sheets
from trace.queries.verification import verify
from trace.rules.verdicts import Signature
from trace.services import labels, second_codes
from trace.services.second_codes import Tried
from trace.services.signer import LabelSigner

pytestmark = pytest.mark.packed
SECRETS = SecondCodes(b"seed of the tests", b"pepper of the tests")
TODAY = local_day(make.MONDAY)


def order(session: Session, signer: LabelSigner, **how: Any) -> LabelOrder:
    line = make.a_pack_line(make.work(session))
    mine = make.work(session, make.actor(session, PRODUCER))
    made = labels.order(mine, signer, pack_line_id=line.id, packs=3, **how)
    make.a_release(mine, made)
    labels.activate(mine, made.id, first=1, last=2)
    return made


def tried(work: Work, made: LabelOrder, serial: str, typed: str, secrets: SecondCodes = SECRETS) -> Tried:
    batch = work.session.get_one(Batch, made.batch_id)
    return second_codes.try_out(work, secrets, make.ORIGIN, read_address(f"/u/{batch.code}/{serial}"), typed)


def listed(session: Session, made: LabelOrder, kind: str = "csv") -> bytes:
    return sheets(session, made, 1, 3, "http://localhost", printing(kind=kind, layout="a4-24", dpi=300), SECRETS)


def refusal(code: str, act: Callable[[], Any]) -> None:
    with pytest.raises(AppError) as caught:
        act()
    assert caught.value.code == code, caught.value.code


def test_a_second_code_is_of_use_once_and_tried_five_times_a_day(database: Database, tmp_path: Any) -> None:
    with database.writing() as session:
        made = order(session, make.a_signer(tmp_path), second=SECRETS)
        rows = list(csv.DictReader(io.StringIO(listed(session, made).decode("utf-8-sig"))))
        serials = session.exec(select(Label.serial).where(Label.order_id == made.id).order_by(Label.position)).all()
        codes = {serial: row["second_code"] for serial, row in zip(serials, rows, strict=True)}
        assert all(len(one) == SIZE for one in codes.values())
        assert len(set(codes.values())) == 3
        kept = session.exec(select(SecondCode)).all()
        assert not {one.digest for one in kept} & set(codes.values())
        serial, code = next(iter(codes.items()))
        work = make.work(session)
        first = tried(work, made, serial, f"{code[:4].lower()} - {code[4:]}")
        assert (first.right, first.opened_before) == (True, None)
        later = make.work(session, now=make.MONDAY + timedelta(minutes=5))
        assert tried(later, made, serial, code).opened_before == make.MONDAY
        wrong = codes[serials[1]]
        assert [tried(later, made, serial, wrong).left for _ in range(3)] == [2, 1, 0]
        refusal("second_codes.too_many", lambda: tried(later, made, serial, code))
        tomorrow = make.work(session, now=make.MONDAY + timedelta(days=1))
        assert tried(tomorrow, made, serial, code).right
        assert not tried(work, made, serials[1], codes[serials[1]], SecondCodes(b"x", b"y")).right
        for typed in ("", "1234567", "ABCD-EFGU", "１２３"):
            refusal("second_codes.shape", lambda typed=typed: tried(work, made, serial, typed))
        refusal("second_codes.none", lambda: tried(work, made, "0" * 16, code))
        with pytest.raises(IntegrityError), session.begin_nested():
            session.connection().execute(text("UPDATE second_codes SET tries = 6"))


def test_a_second_code_never_speaks_for_a_pack_that_fails_by_itself(database: Database, tmp_path: Any) -> None:
    """A forged symbol, a label never put on a pack, one of another batch: the hidden code is not even looked at."""
    with database.writing() as session:
        made = order(session, make.a_signer(tmp_path), second=SECRETS)
        serials = session.exec(select(Label.serial).where(Label.order_id == made.id).order_by(Label.position)).all()
        work, batch = make.work(session), session.get_one(Batch, made.batch_id).code

        def fails(code: str, address: str) -> None:
            reading = read_address(address)
            refusal(
                code, lambda: second_codes.try_out(work, SECRETS, make.ORIGIN, reading, SECRETS.code(reading.serial))
            )

        fails("second_codes.look_first", f"/u/{batch}/{serials[0]}?s={made.kid}.{'A' * 86}")
        fails("second_codes.look_first", f"/u/{batch}/{serials[2]}")
        fails("second_codes.none", f"/u/{new_batch_code(b'other')}/{serials[0]}")
        assert {one.tries for one in session.exec(select(SecondCode))} == {0}
        good = tried(work, made, serials[0], SECRETS.code(serials[0]))
        assert (good.right, good.opened_before) == (True, None)
        assert "verdicts.signature_missing" in [one.code for one in good.verdict.reasons]


def test_no_sheet_shows_a_second_code_and_plain_orders_have_none(database: Database, tmp_path: Any) -> None:
    with database.writing() as session:
        signer = make.a_signer(tmp_path)
        plain = order(session, signer)
        assert b"second_code" not in listed(session, plain)
        assert session.exec(select(SecondCode)).all() == []
        hidden = order(session, signer, second=SECRETS)
        serial = session.exec(select(Label.serial).where(Label.order_id == hidden.id)).first()
        assert SECRETS.code(serial or "").encode() not in listed(session, hidden, "pdf")


def test_a_compact_label_is_unsigned_and_says_so(database: Database, tmp_path: Any) -> None:
    with database.writing() as session:
        made = order(session, make.a_signer(tmp_path), profile="compact")
        mine = make.work(session, make.actor(session, PRODUCER))
        labels.activate(mine, made.id, first=3, last=3)
        entry = reads.find(session, mine.actor, made.id)
        address = reads.one_code(session, entry, 1).address
        assert "?" not in address
        answer = verify(session, make.ORIGIN, read_address(address), TODAY)
        told = [one.code for one in answer.verdict.reasons]
        assert answer.signature is Signature.ABSENT
        assert "verdicts.unsigned" in told
        assert "verdicts.signature_missing" not in told
        assert (
            verify(session, make.ORIGIN, read_address(f"{address}?s={made.kid}.{'A' * 86}"), TODAY).verdict.colour
            == "red"
        )
