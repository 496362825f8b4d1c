"""``brandtrace demo``: the demo county on this machine in one command, served until interrupted."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import click
from sqlmodel import Session

from brand.cli.doors import refusals
from brand.kernel import clock, texts
from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.kernel.settings import Settings
from brand.kernel.work import Work
from brand.queries import accounts
from trace import schema
from trace.cli import demo_county
from trace.cli.demo_telling import Telling, Told
from trace.cli.serve import run
from trace.crypto.sealed_keys import Role, open_sealed
from trace.parts import label_signer
from trace.rules.field_devices import OFFER_STANDS, USUAL_DAYS
from trace.services import field_devices
from trace.services.key_files import ENDING

#: Lies in the data folder of a demo and nowhere else: what was printed, and the proof that the data may be thrown away.
SHEET = "demo-sign-ins.txt"


@click.command()
@click.option("--port", default=8000, show_default=True, help="Port to serve on.")
@click.option("--reset", is_flag=True, help="Throw the demo's data away first.")
@click.option("--no-serve", is_flag=True, help="Load the county and stop.")
@click.option(
    "--telephone", is_flag=True, help="Only print a fresh link that makes a browser the inspector's telephone."
)
def demo(port: int, reset: bool, no_serve: bool, telephone: bool) -> None:
    """Load the demo county (once), print sign-in names, and serve it until interrupted."""
    os.environ.setdefault("BRANDTRACE_PUBLIC_URL", f"http://127.0.0.1:{port}")
    os.environ.setdefault("BRANDTRACE_OFFICE_CONTACT", "乌拉特中旗品牌办公室（示范），电话 0000-0000000")
    settings = Settings()
    sheet = settings.data_dir / SHEET
    if telephone:
        if not sheet.exists() or not sheet.read_text(encoding="utf-8"):
            raise click.ClickException(f"there is no demo in {settings.data_dir} yet; «make demo» loads it")
        click.echo(_telephone(settings))
        return
    if reset or (sheet.exists() and not sheet.read_text(encoding="utf-8")):
        _throw_away(settings, sheet)
    database = Database(settings.database)
    if sheet.exists():
        schema.upgrade(database)  # kept from an earlier release
    else:
        _load(settings, database, sheet)
    database.close()
    click.echo(sheet.read_text(encoding="utf-8").replace("{address}", settings.public_url))
    if not no_serve:
        click.echo(_telephone(settings))
        click.echo(f"· serving on {settings.public_url} (Ctrl-C ends it; the data stay)")
        run("127.0.0.1", port)


def _load(settings: Settings, database: Database, sheet: Path) -> None:
    if schema.status(database)[0] is not None:
        raise click.ClickException(
            f"{settings.database} holds data that is not a demo's; nothing was changed. "
            "Choose another folder with BRANDTRACE_DATA_DIR."
        )
    click.echo("· database, keys and secrets")
    # An empty sheet marks a demo that was interrupted while it was loaded: the next start begins afresh.
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    sheet.touch(mode=0o600)
    schema.upgrade(database)
    telling = Telling(database, label_signer(settings), lambda words: click.echo(f"· {words}"))
    with refusals():
        told = demo_county.tell(telling, clock.now())
    sheet.write_text(_sheet(told, settings.language), encoding="utf-8")


def _sheet(told: Told, language: str) -> str:
    """What a person needs to try the demo; ``{address}`` stands for the address it is served on."""
    width = max(len(one[0]) for one in told.people)
    lines = ["", "Sign in at {address}/sign-in (each password is good for one sign-in, then you choose your own)", ""]
    lines += [
        f"  {username:<{width}}  {password}   {texts.say(language, f'role.{role}')} {name}"
        for username, name, role, password in told.people
    ]
    lines += ["", "Packs to scan:", ""]
    for what, path in told.packs:
        lines += [f"  {what}:", f"    {{address}}{path}"]
    return "\n".join([*lines, ""])


def _telephone(settings: Settings) -> str:
    """An address that enrols the browser it is opened in, as the inspector's page would show it in a symbol."""
    database = Database(settings.database)
    with refusals(), database.writing() as session:
        token = inspectors_offer(session, clock.now())
    database.close()
    minutes = OFFER_STANDS.seconds // 60
    return (
        f"The inspector's telephone: open this once, within {minutes} minutes («make demo-telephone» prints another), "
        f"in the browser that is to be it:\n\n    {settings.public_url}/inspector/#enrol={token}\n"
    )


def inspectors_offer(session: Session, now: datetime) -> str:
    """The text that enrols a telephone of the demo's inspector."""
    account = accounts.find(session, username="inspector")
    assert account is not None
    work = Work(session, accounts.actor_of_account(session, account, now), now, "demo")
    return field_devices.offer(work, name="示范市场组体验机", days=USUAL_DAYS)[1]


def _throw_away(settings: Settings, sheet: Path) -> None:
    """Remove a demo's data and keys; refuses where the data folder is not a demo's."""
    if not settings.data_dir.exists():
        return
    if not sheet.exists() or not settings.database.startswith("sqlite"):
        raise click.ClickException(f"{settings.data_dir} is not a demo's data folder; nothing was removed")
    _destroy_keys(settings.keys_dir, settings.secret("key-passphrase"))
    shutil.rmtree(settings.data_dir)


def _destroy_keys(folder: Path, passphrase: str) -> None:
    """The demo's keys are those its own secret opens; others in the folder stay.

    With the log's key goes what the signer remembers of the log's head: kept, it would take the next demo's log for an
    old copy of this one, and the service would only be read.
    """
    for one in sorted(folder.glob(f"*{ENDING}")):
        with suppress(AppError):
            open_sealed(one.read_text(encoding="ascii"), passphrase)
            one.unlink()
    if not any(folder.glob(f"{Role.LOG}-*{ENDING}")):
        shutil.rmtree(folder / "state", ignore_errors=True)
