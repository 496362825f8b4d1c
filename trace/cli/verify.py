"""``brandtrace verify``: check a code against the registry, or a kept proof with nothing but the keys one trusts."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import click

from brand.cli.doors import open_database, reading, refusals
from brand.kernel import texts
from brand.kernel.settings import Settings
from trace.cli import verify_offline, verify_receipts
from trace.cli.verify_offline import Files, text_of
from trace.crypto import log_policies, notes, tlog_proofs
from trace.crypto.readings import read_any
from trace.crypto.tlog_proofs import LogProof, Proven
from trace.queries import packs
from trace.queries.verification import verify as answer_to
from trace.rules.verdicts import Colour
from trace.schemas.verification import shown_answer

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@click.argument("text")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of the sentences.")
@click.option("--vkey", help="TEXT is the file of a proof: check it off-line against this key of the log.")
@click.option("--witness", multiple=True, help="With --vkey: the verifier key of a witness; may be given again.")
@click.option(
    "--quorum", default=0, show_default=True, help="With --vkey: so many of the witnesses must have cosigned."
)
@click.option(
    "--policy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TEXT is the file of a proof: check it off-line against the log and the witnesses of this C2SP tlog-policy. "
    "With --log: what the checkpoint of that copy must satisfy.",
)
@click.option("--bundle", type=_FILE, help="Check a code off-line: the file /trust/bundle as it was fetched.")
@click.option("--trust", multiple=True, help="With --bundle: a key one holds on to, from /trust/vkeys; at least one.")
@click.option("--revocations", type=_FILE, help="With --bundle: the file /trust/revocations.")
@click.option("--withdrawn", type=_FILE, help="With --revocations: the file of withdrawn serials they name.")
@click.option("--proof", type=_FILE, help="With --bundle: a proof of this code, for a key distrusted later.")
@click.option(
    "--log",
    default="",
    help="With --bundle, TEXT the file of receipts: a copy of the log to hold them against; the folder of a mirror or "
    "an export, or an address.",
)
def verify(
    text: str,
    lang: str | None,
    vkey: str | None,
    witness: tuple[str, ...],
    quorum: int,
    policy: Path | None,
    bundle: Path | None,
    trust: tuple[str, ...],
    revocations: Path | None,
    withdrawn: Path | None,
    proof: Path | None,
    log: str,
) -> None:
    """Check TEXT, an address on a pack or the characters under its symbol; leaves with status 1 when red.

    With --bundle and --trust the code, or the file of a receipt or of several as JSON lines, is checked by files of
    trust; with --log a receipt is held against that copy of the log besides. With --vkey or --policy alone TEXT is a
    file of ``brandtrace log proof``. Neither database nor network is asked then, but for an address after --log.
    """
    language = lang or Settings().language
    if bundle is not None:
        if not trust:
            raise click.UsageError("--bundle needs --trust: a file without a key to check it by says nothing")
        files = Files(trust, bundle, revocations, withdrawn, proof)
        if verify_receipts.is_one(Path(text)):
            verify_receipts.check(Path(text), files, log, policy, language)
        elif log or policy:
            raise click.UsageError("with --bundle, --log and --policy go with the file of a receipt")
        else:
            verify_offline.check(text, files, language)
    elif policy is not None:
        _check_by_policy(Path(text), policy, language)
    elif vkey is not None:
        _check_file(Path(text), vkey, witness, quorum, language)
    else:
        _check_code(text, language)


def _check_file(path: Path, vkey: str, witnesses: tuple[str, ...], quorum: int, language: str) -> None:
    with refusals(language):
        proof = tlog_proofs.parse(text_of(path))
        trusted = [notes.verifier(one) for one in witnesses]
        found = tlog_proofs.verify(proof, notes.verifier(vkey), trusted, quorum)
    _tell(proof, found, language)


def _check_by_policy(path: Path, policy: Path, language: str) -> None:
    with refusals(language):
        proof, told = tlog_proofs.parse(text_of(path)), log_policies.parse(text_of(policy))
        found = tlog_proofs.verify_by(proof, told)
    _tell(proof, found, language)


def _tell(proof: LogProof, found: Proven, language: str) -> None:
    click.echo(texts.say(language, "proofs.proven", place=proof.index, size=found.checkpoint.size))
    if found.witnesses:
        click.echo(texts.say(language, "proofs.cosigned", names=", ".join(found.witnesses)))
    if proof.unit is not None:
        click.echo(texts.say(language, "proofs.unit_proven", element=proof.unit.element))
    click.echo(proof.entry.decode("utf-8"))


def _check_code(text: str, language: str) -> None:
    settings = Settings()
    host = urlsplit(settings.public_url).hostname or ""
    with reading(open_database()) as work:
        found = answer_to(work.session, settings.origin, read_any(text, {host}), work.today)
        tell = found.pack is not None and found.verdict.colour is not Colour.RED
        story = packs.story_by(work.session.connection(), found.pack, work.today) if tell and found.pack else None
        shown = shown_answer(found, story, work.now, language)
    click.echo(f"{shown['colour']}: {shown['headline']}")
    for one in shown["reasons"]:
        click.echo(f"  {one['text']}")
    for name, value in (shown["pack"] or {}).items():
        click.echo(f"  {name}: {value}")
    if found.verdict.colour is Colour.RED:
        raise SystemExit(1)
