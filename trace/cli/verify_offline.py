"""Checks a code with nothing but files of trust: neither database nor network is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import click

from brand.cli.doors import refusals
from brand.kernel import clock, texts
from brand.kernel.errors import AppError, invalid
from trace.crypto import label_codes, notes, tlog_proofs, trust
from trace.crypto.label_codes import ScannedCode
from trace.crypto.sealed_keys import Role
from trace.crypto.trust import BUNDLE, REVOCATIONS, Finding, TrustedFile


@dataclass(frozen=True)
class Files:
    """Paths of what somebody fetched earlier; only ``bundle`` is needed. ``vkeys`` are what they hold on to."""

    vkeys: tuple[str, ...]
    bundle: Path
    revocations: Path | None = None
    withdrawn: Path | None = None
    proof: Path | None = None


def check(text: str, files: Files, language: str) -> None:
    """Say what the files say of a code; leaves with status 1 when red."""
    with refusals(language):
        held = [notes.verifier(one) for one in files.vkeys]
        bundle = trust.read(text_of(files.bundle), BUNDLE, held)
        revoked = trust.read(text_of(files.revocations), REVOCATIONS, held) if files.revocations else None
        scanned = label_codes.parse(_path(text))
        withdrawn = files.withdrawn.read_bytes() if files.withdrawn else b""
        place = _place(files.proof, bundle, scanned) if files.proof else None
        found = trust.judge(bundle, scanned, clock.now(), revocations=revoked, withdrawn=withdrawn, place=place)
    _tell(found, scanned, bundle, language)


def _tell(found: list[Finding], scanned: ScannedCode, bundle: TrustedFile, language: str) -> None:
    red = any(one.red for one in found)
    click.echo("red" if red else ("amber" if found else "green"))
    if not red and scanned.kid is not None and not any(one.code == "trust.key_unknown" for one in found):
        issued = bundle.issued.date().isoformat()
        click.echo(f"  {texts.say(language, 'trust.good', kid=scanned.kid, issued=issued)}")
    for one in found:
        params: Mapping[str, object] = one.params
        click.echo(f"  {texts.say(language, one.code, **params)}")
    if red:
        raise SystemExit(1)


def _place(path: Path, bundle: TrustedFile, scanned: ScannedCode) -> int:
    """Where a proof shows the code's issue; it must be of this very code and signed by the bundle's log key."""
    proof = tlog_proofs.parse(text_of(path))
    code = "notes.no_known_signature"
    for known in trust.verifiers(bundle, Role.LOG, bundle.origin):
        try:
            tlog_proofs.verify(proof, known)
        except AppError as error:
            code = error.code
            continue
        if proof.unit is None or proof.unit.element != scanned.code.element:
            raise invalid("proofs.unit")
        return proof.index
    raise invalid(code)


def _path(text: str) -> str:
    """Path and query of an address, host and all; the host is never signed."""
    parts = urlsplit(text)
    return text[len(f"{parts.scheme}://{parts.netloc}") :] if parts.scheme and parts.netloc else text


def text_of(path: Path) -> str:
    """The file as text; raises ``click.UsageError``."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        raise click.UsageError(f"{path}: no file that can be read as text") from error
