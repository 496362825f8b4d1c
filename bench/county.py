"""The bench's county: the demo day's packed batch with labels on its packs, in a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import select

from brand.kernel import clock
from brand.kernel.db import Database
from tests import make
from trace import schema
from trace.models.batches import Batch
from trace.models.labels import Label
from trace.services.signer import KeyFiles, LabelSigner

ORIGIN = "127.0.0.1/log"


@dataclass(frozen=True)
class County:
    """An address of every label of one order, on packs; and the environment under which a server finds all this."""

    database: Database
    order_id: str
    batch: Batch
    addresses: list[str]
    environment: dict[str, str]


@contextmanager
def county(labels: int, folder: Path | None = None) -> Iterator[County]:
    """``folder`` None means a folder that disappears, on the disk of the machine: fsync is part of the measure."""
    with TemporaryDirectory(dir=folder) as name:
        database = Database(f"sqlite:///{name}/bench.db")
        schema.upgrade(database)
        with database.writing() as session:
            make.the_cast(session)
            work = make.work(session)
            make.a_packed_batch(work)
            signer = LabelSigner(KeyFiles(Path(name) / "keys", make.PASSPHRASE, cost=make.WEAKEST), ORIGIN)
            order = make.an_order(replace(work, now=clock.now()), signer, packs=labels)
            rows = session.exec(select(Label).where(Label.order_id == order.id)).all()
            batch = session.get_one(Batch, order.batch_id)
        environment = {
            "DATABASE_URL": f"sqlite:///{name}/bench.db",
            "BRANDTRACE_DATA_DIR": f"{name}/data",
            "BRANDTRACE_KEYS_DIR": f"{name}/keys",
            "BRANDTRACE_PUBLIC_URL": "http://127.0.0.1",
            "BRANDTRACE_ORIGIN": ORIGIN,
        }
        addresses = [f"/u/{batch.code}/{one.serial}?s={order.kid}.{one.signature}" for one in rows]
        yield County(database, order.id, batch, addresses, environment)
        database.close()
