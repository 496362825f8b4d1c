"""What the running service keeps in memory for following the goods: the signer, the scans and the runner of jobs."""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.util import Finalize

from flask import Flask, current_app

from brand.edge import requests
from brand.kernel import clock
from brand.kernel.db import Database
from brand.kernel.settings import Settings
from trace.services.jobs import Runner
from trace.services.scans import ScanQueue
from trace.services.signer import KeyFiles, LabelSigner, SealedFiles
from trace.services.statement_keys import OfficeSigner


@dataclass(frozen=True)
class Parts:
    """One of each per process; ``hosts`` are the names under which our codes may be read."""

    signer: LabelSigner
    scans: ScanQueue
    jobs: Runner
    hosts: frozenset[str]

    def close(self) -> None:
        self.scans.close()
        self.jobs.close()


def key_files(settings: Settings) -> KeyFiles:
    """The sealed keys of this installation."""
    return KeyFiles(settings.keys_dir, settings.secret("key-passphrase"))


def label_signer(settings: Settings) -> SealedFiles:
    """The signer of this installation; at the command line too."""
    return SealedFiles(key_files(settings), settings.origin)


def statement_signer(signer: SealedFiles) -> OfficeSigner:
    """Who signs for the office, with keys beside those of the labels."""
    return OfficeSigner(signer.files, signer.origin)


def init(app: Flask, settings: Settings, database: Database) -> None:
    scans = ScanQueue(database)
    hosts = frozenset(one.lower() for one in app.config["TRUSTED_HOSTS"])
    jobs = Runner(database, clock.now)
    signer = label_signer(settings)
    app.extensions["brandtrace.parts"] = Parts(signer, scans, jobs, hosts)
    requests.signs_statements(app, statement_signer(signer))
    # Unlike atexit this also runs in worker processes, which servers start through multiprocessing.
    Finalize(None, scans.close, exitpriority=10)
    Finalize(None, jobs.close, exitpriority=10)


def parts() -> Parts:
    found: Parts = current_app.extensions["brandtrace.parts"]
    return found
