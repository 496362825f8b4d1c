"""``brandtrace enterprise``: list the enterprises of the register and confirm a waiting one."""

from __future__ import annotations

import click

from brand.cli.doors import open_database, reading, writing
from brand.models.enterprises import EnterpriseState
from brand.queries import enterprises as reads
from brand.services import enterprises


@click.group()
def enterprise() -> None:
    """Enterprises of the register."""


@enterprise.command("list")
@click.option("--state", type=click.Choice([one.value for one in EnterpriseState]), help="Only those in this state.")
@click.option("--search", default="", help="A fragment of the name or of the credit code.")
@click.option("--page", default=1, show_default=True, help="Which page of 200.")
def list_(state: str | None, search: str, page: int) -> None:
    """List enterprises, newest first: id, state, kind, credit code, name."""
    with reading(open_database()) as work:
        found = reads.listing(work.session, work.actor, q=search, state=state or "", number=page, size=200)
    for one in found.rows:
        click.echo(f"{one.id}\t{one.state}\t{one.kind}\t{one.credit_code or '-'}\t{one.name}")
    if found.pages > 1:
        click.echo(f"{found.number}/{found.pages}", err=True)


@enterprise.command()
@click.argument("enterprise_id")
def confirm(enterprise_id: str) -> None:
    """Confirm the pending enterprise ENTERPRISE_ID."""
    with writing(open_database()) as work:
        found = reads.one(work.session, work.actor, enterprise_id)
        enterprises.step(work, enterprise_id, "confirm", version=found.version)
    click.echo(f"{found.id}\t{found.state}\t{found.name}")
