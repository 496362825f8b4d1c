"""What the running service keeps in memory for following the goods: signer, scans, places, jobs and the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from multiprocessing.util import Finalize
from typing import Any

from flask import Flask, current_app

from brand.edge import requests
from brand.kernel import clock
from brand.kernel.db import Database
from brand.kernel.settings import Settings
from brand.services.retention import Retention
from trace.crypto import log_policies
from trace.crypto.log_policies import Policy
from trace.crypto.second_codes import SecondCodes
from trace.formats import place_table
from trace.formats.place_table import PLACE, PlaceTable
from trace.queries import batches
from trace.services.jobs import Runner
from trace.services.label_jobs import Tools
from trace.services.log_signer import LogSigner
from trace.services.scan_tokens import Tokens
from trace.services.scans import ScanQueue
from trace.services.sequencer import Sequencer
from trace.services.signer import KeyFiles, LabelSigner, Signer
from trace.services.signer_process import RemoteSigner
from trace.services.standing import Guard
from trace.services.statement_keys import OfficeSigner
from trace.services.trust import TrustKeeper
from trace.services.witnesses import Cosigners


@dataclass(frozen=True)
class Watch:
    """What the server sees of whoever asks: a token of the day, and a coarse place as far as it knows one honestly.

    The place is what the trusted proxy says in ``header``, else what the operator's table says of the address, else
    unknown. Nothing that the asker claims of place, time or device is believed; the browser's name only helps to tell
    telephones behind one address apart.
    """

    tokens: Tokens
    table: PlaceTable
    header: str

    def token(self, day: date, environ: Mapping[str, Any]) -> str:
        """``environ``: the request as the server handed it over, behind the proxies that are believed."""
        return self.tokens.token(day, environ.get("REMOTE_ADDR", ""), environ.get("HTTP_USER_AGENT", "")[:400])

    def place(self, environ: Mapping[str, Any]) -> str:
        if self.header:
            said = environ.get(f"HTTP_{self.header.upper().replace('-', '_')}", "")
            return said if PLACE.fullmatch(said) else ""
        return self.table.place(environ.get("REMOTE_ADDR", ""))


@dataclass(frozen=True)
class Parts:
    """One of each per process; ``hosts`` are the names under which our codes may be read."""

    signer: LabelSigner
    scans: ScanQueue
    jobs: Runner
    log: Sequencer
    guard: Guard
    hosts: frozenset[str]
    watch: Watch
    second: SecondCodes

    def vouching(self, place: int | None) -> tuple[str, ...]:
        """Names of the witnesses known to have checked a history with the entry at ``place``."""
        cosigners = self.log.cosigners
        return cosigners.vouching(place) if cosigners is not None and place is not None else ()

    def start(self) -> None:
        """The log is advanced and work that was left goes on; called where no server forks any more."""
        self.log.start()
        self.jobs.start()

    def close(self) -> None:
        self.scans.close()
        self.jobs.close()
        self.log.close()


def key_files(settings: Settings) -> KeyFiles:
    """The sealed keys of this installation."""
    return KeyFiles(settings.keys_dir, lambda: settings.secret("key-passphrase"))


def signer(settings: Settings) -> Signer:
    """Whoever keeps the keys of this installation: a process of its own, or this one."""
    return RemoteSigner(settings.signer) if settings.signer is not None else key_files(settings)


def label_signer(settings: Settings) -> LabelSigner:
    """The signer of labels; at the command line too."""
    return LabelSigner(signer(settings), settings.origin)


def second_codes(settings: Settings) -> SecondCodes:
    """The two secrets behind hidden second codes; at the command line too."""
    return SecondCodes(settings.secret("second-code-seed").encode(), settings.secret("second-code-pepper").encode())


def label_tools(settings: Settings) -> Tools:
    """What jobs on label orders need; at the command line too."""
    folder = settings.data_dir / "label-files"
    return Tools(label_signer(settings), second_codes(settings), settings.public_url, folder)


def statement_signer(signer: LabelSigner) -> OfficeSigner:
    """Who signs for the office, with keys beside those of the labels."""
    return OfficeSigner(signer.keeper, signer.origin)


def sequencer(
    settings: Settings, signer: Signer, database: Database, look: Callable[[], object] | None = None
) -> Sequencer:
    """The log of this installation, its files in the data folder; at the command line too."""
    chores: dict[str, Callable[[], object]] = {
        "trust": trust_keeper(settings, signer, database).run_once,
        "retention": Retention(database, settings.complainants_kept_days).run_once,
    }
    folder, head_signer = settings.data_dir / "log", LogSigner(signer)
    return Sequencer(
        database,
        head_signer,
        settings.origin,
        folder,
        clock.now,
        cosigners=cosigners(settings, database),
        chores=chores,
        look=look,
    )


def cosigners(settings: Settings, database: Database) -> Cosigners | None:
    """Who asks the witnesses of the policy, or None where it names none."""
    policy = log_policy(settings)
    return Cosigners(database, policy, clock.now) if policy.witnesses else None


def log_policy(settings: Settings) -> Policy:
    """Which witnesses cosign the log; none where no file is named. Raises what ``log_policies.parse`` does."""
    if settings.log_policy is None:
        return Policy()
    return log_policies.parse(settings.log_policy.read_text(encoding="utf-8"))


def guard(settings: Settings, signer: Signer, database: Database) -> Guard:
    """Who says whether this database may be written; at the command line too."""
    folder = settings.data_dir / "evidence"
    return Guard(database, signer, folder, clock.now, lambda: cosigners(settings, database))


def trust_keeper(settings: Settings, signer: Signer, database: Database) -> TrustKeeper:
    """Who looks after keys and the files of trust; at the command line too."""
    return TrustKeeper(database, signer, settings.origin, clock.now)


def watching(settings: Settings) -> Watch:
    """Refuses to start with a table it cannot read; a header counts only behind a proxy that is believed."""
    table = place_table.read(settings.place_table) if settings.place_table else PlaceTable()
    return Watch(Tokens(settings.data_dir / "secrets"), table, settings.place_header if settings.proxies else "")


def serve(app: Flask, settings: Settings, database: Database) -> None:
    """From now on requests scan, sign and log for this database."""
    hosts = frozenset(one.lower() for one in app.config["TRUSTED_HOSTS"])
    labels, watch = label_signer(settings), watching(settings)
    scans, jobs = ScanQueue(database, points=watch.table.points), Runner(database, clock.now, label_tools(settings))
    looking = guard(settings, labels.keeper, database)
    looking.begin()
    log = sequencer(settings, labels.keeper, database, looking.look)
    app.extensions["brandtrace.parts"] = Parts(labels, scans, jobs, log, looking, hosts, watch, second_codes(settings))
    requests.signs_statements(app, statement_signer(labels))
    requests.knows_batches(app, batches.known)
    # Unlike atexit this also runs in worker processes, which servers start through multiprocessing.
    for part in (scans, jobs, log):
        Finalize(None, part.close, exitpriority=10)


def init(app: Flask, settings: Settings, database: Database) -> None:
    serve(app, settings, database)

    @app.before_request
    def _begin() -> None:
        """Log and jobs begin with the first request at the latest; tests advance both when they want it."""
        if not app.testing:
            parts().start()


def parts() -> Parts:
    found: Parts = current_app.extensions["brandtrace.parts"]
    return found
