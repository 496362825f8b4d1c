"""Checks receipts with files of trust, and holds them against a copy of the log: no word of the registry is needed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from brand.cli.doors import refusals
from brand.kernel import texts
from brand.kernel.errors import AppError, invalid
from trace.cli.verify_offline import Files, text_of
from trace.crypto import canonical, log_policies, merkle, notes, trust
from trace.crypto.checkpoints import Checkpoint
from trace.crypto.log_policies import Policy
from trace.crypto.sealed_keys import Role
from trace.crypto.signables import RECEIPT, first_line
from trace.crypto.trust import BUNDLE, TrustedFile
from trace.services import log_sources
from trace.services.log_sources import Fetch

#: A line of a file of receipts is this object (see ``schemas/receipts``).
_LINE = {"act", "type", "at", "index", "receipt"}


def is_one(path: Path) -> bool:
    """Whether TEXT is the file of a receipt, or of several as JSON lines."""
    if not path.is_file():
        return False
    text = text_of(path)
    return text.startswith((f"{first_line(RECEIPT)}\n", "{"))


def check(path: Path, files: Files, log: str, policy: Path | None, language: str) -> None:
    """Say what each receipt of the file says, and whether the copy of the log holds it.

    Leaves with status 1 when one of them says nothing, or the copy holds another entry in its place.
    """
    with refusals(language):
        bundle = trust.read(text_of(files.bundle), BUNDLE, [notes.verifier(one) for one in files.vkeys])
        copy = _Copy(log, bundle, policy) if log else None
        receipts = _receipts(text_of(path))
    wrong = 0
    for number, line in receipts:
        try:
            told = trust.receipt(_note(line), bundle)
            click.echo(texts.say(language, "receipts.good", **told))
            if copy is not None:
                size = copy.holds(told)
                click.echo(texts.say(language, "receipts.held", index=told["index"], size=size))
        except AppError as error:
            wrong += 1
            before = texts.say(language, "receipts.line", number=number) if len(receipts) > 1 else ""
            click.echo(before + texts.say(language, error.code, **error.params), err=True)
    if wrong:
        raise SystemExit(1)


class _Copy:
    """A copy of the log, its checkpoint signed by a log key of the bundle, or as the policy asks."""

    def __init__(self, where: str, bundle: TrustedFile, policy: Path | None) -> None:
        own = Policy(tuple(trust.verifiers(bundle, Role.LOG, bundle.origin)))
        self._fetch: Fetch = log_sources.source(where)
        self._head: Checkpoint
        _, self._head, _ = log_sources.checkpoint(self._fetch, log_policies.parse(text_of(policy)) if policy else own)
        if self._head.origin != bundle.origin:
            raise invalid("proofs.other_log", origin=self._head.origin, expected=bundle.origin)

    def holds(self, told: Mapping[str, Any]) -> int:
        """The size of a copy that holds the receipt's entry at its place.

        Raises ``receipts.beyond_log`` for a copy that does not reach so far, ``receipts.not_in_log`` where another
        entry stands there, and what ``log_sources.entry`` raises for a copy that is none of its own checkpoint.
        """
        index, size = told["index"], self._head.size
        if not 0 <= index < size:
            raise invalid("receipts.beyond_log", index=index, size=size)
        if merkle.leaf_hash(log_sources.entry(self._fetch, self._head, index)).hex() != told["leaf_hash"]:
            raise invalid("receipts.not_in_log", index=index)
        return size


def _receipts(text: str) -> list[tuple[int, str]]:
    """Each with the number of its line; one note is one receipt."""
    if not text.startswith("{"):
        return [(1, text)]
    return [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def _note(line: str) -> str:
    """The signed note; what else a line of a file says of it is there for people to read."""
    if not line.startswith("{"):
        return line
    found = canonical.parse(line)
    if set(found) != _LINE or not isinstance(found["receipt"], str):
        raise invalid("receipts.line_shape")
    return str(found["receipt"])
