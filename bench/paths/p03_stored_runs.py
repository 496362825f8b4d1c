"""P3: a label run with its serials reserved, signed and stored in the database, in the pieces of the job.

Yardstick: P2's own floor on the same machine, signing and symbols without any database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import col, update

from bench.rounds import Contest
from bench.rounds import Path as Way
from brand.kernel import clock
from brand.kernel.db import Database
from brand.models.licences import LicenceYear
from tests import make
from tests.people import PRODUCER
from trace import schema
from trace.crypto import keys, label_codes
from trace.crypto.code_profiles import UnitCode
from trace.formats.qr_symbols import encode_symbols
from trace.models.batches import PackLine
from trace.models.label_chunks import PIECE
from trace.models.labels import LabelOrder
from trace.services import label_issues, labels
from trace.services.signer import LabelSigner

_ORIGIN, _KID, _PLENTY = "trace.example.cn", "a7", 10**9


def _county(folder: str) -> tuple[Database, LabelSigner, str]:
    """A packed batch with more packs and weight than any round uses up."""
    database = Database(f"sqlite:///{folder}/bench.db")
    schema.upgrade(database)
    with database.writing() as session:
        make.the_cast(session)
        make.a_packed_batch(make.work(session))
        line = make.a_pack_line(make.work(session)).id
        session.exec(update(PackLine).where(col(PackLine.id) == line).values(packs=_PLENTY))
        session.exec(update(LicenceYear).values(cap_kg=Decimal(_PLENTY)))
    return database, make.a_signer(Path(folder)), line


def _stored(database: Database, signer: LabelSigner, line: str, count: int) -> None:
    """Every piece durable in a transaction of its own, as the job does it."""
    with database.writing() as session:
        doing = replace(make.work(session, make.actor(session, PRODUCER)), now=clock.now())
        order_id = labels.reserve(doing, signer, pack_line_id=line, packs=count).id
    done = 0
    while done < count:
        with database.writing() as session:
            doing = replace(make.work(session), now=clock.now())
            done = label_issues.sign_piece(doing, signer, order_id, None)
    with database.writing() as session:
        label_issues.finish(replace(make.work(session), now=clock.now()), order_id)
        assert session.get_one(LabelOrder, order_id).state == "signed"


def _floor(key: keys.PrivateKey, count: int) -> None:
    batch = label_codes.fresh_batch_code()
    for start in range(0, count, PIECE):
        codes = [UnitCode(batch, serial) for serial in label_codes.fresh_serials(min(PIECE, count - start))]
        encode_symbols([f"https://{_ORIGIN}{one}" for one in label_codes.sign_many(key, _ORIGIN, _KID, codes)])


@contextmanager
def _enter(quick: bool) -> Iterator[Contest]:
    del quick
    key = keys.generate()
    with TemporaryDirectory() as folder:
        database, signer, line = _county(folder)
        yield Contest(lambda count: _stored(database, signer, line, count), lambda count: _floor(key, count))
        database.close()


PATH = Way("P3", "labels reserved, signed and stored against signing and symbols alone", 0.10, 2048, 8192, _enter)
