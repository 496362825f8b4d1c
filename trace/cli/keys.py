"""``brandtrace keys``: the keys of the registry at the keyboard: list, turn, retire, distrust, publish."""

from __future__ import annotations

import click

from brand.cli.doors import open_database, reading, refusals, writing
from brand.kernel.settings import Settings
from trace.crypto.trust import BUNDLE, REVOCATIONS
from trace.parts import signer, trust_keeper
from trace.queries import trust as reads
from trace.rules.keys import TURNED, EndReason
from trace.services import key_steps

_ROLE = click.Choice([str(one) for one in TURNED])
_REASON = click.Choice([one.value for one in EndReason if one is not EndReason.ROTATED])


@click.group("keys")
def keys() -> None:
    """The keys of the registry."""


@keys.command("list")
def list_() -> None:
    """Print every key: role, id, state, window and thumbprint, and the versions of the files of trust."""
    with reading(open_database()) as work:
        for one in reads.keys(work.session):
            state = one["state"] + (f" from {one['distrusted_from']}" if "distrusted_from" in one else "")
            window = f"{one['not_before'][:10]}…{one['not_after'][:10]}"
            click.echo("\t".join((one["role"], one["kid"], state, window, one["thumbprint"])))
        for topic in (BUNDLE, REVOCATIONS):
            found = reads.newest(work.session, topic)
            if found is not None:
                click.echo(f"{topic}\tversion {found.version}\tgood until {found.expires_at:%Y-%m-%d}")


@keys.command()
@click.argument("role", type=_ROLE)
@click.option("--enterprise", help="Enterprise id, for a label key.")
def turn(role: str, enterprise: str | None) -> None:
    """Make a new key of ROLE; the old one signs no more, and what it signed stays good."""
    settings = Settings()
    with writing(open_database()) as work:
        made = key_steps.turn(work, signer(settings), settings.origin, role, enterprise_id=enterprise)
    _publish(settings)
    click.echo(made)


@keys.command()
@click.argument("role", type=_ROLE)
@click.argument("kid")
@click.option("--reason", type=_REASON, default="other", show_default=True)
def retire(role: str, kid: str, reason: str) -> None:
    """Let the key KID of ROLE sign no more and destroy its private half; what it signed stays good."""
    with writing(open_database()) as work:
        key_steps.retire(work, role, kid, reason=reason)
    _publish(Settings())


@keys.command()
@click.argument("role", type=_ROLE)
@click.argument("kid")
@click.option("--from", "from_index", type=int, help="Place in the log; default its end: all so far stays good.")
@click.option("--reason", type=_REASON, default="stolen", show_default=True)
def distrust(role: str, kid: str, from_index: int | None, reason: str) -> None:
    """Trust what the key KID of ROLE signed only where the log tells of it before a place; prints that place."""
    with writing(open_database()) as work:
        cut = key_steps.distrust(work, role, kid, reason=reason, from_index=from_index)
    _publish(Settings())
    click.echo(str(cut))


@keys.command()
def publish() -> None:
    """Make keys that are due, publish files of trust, destroy ended keys; the service does so by itself."""
    click.echo(str(_publish(Settings())))


def _publish(settings: Settings) -> int:
    with refusals():
        return trust_keeper(settings, signer(settings), open_database()).run_once()
