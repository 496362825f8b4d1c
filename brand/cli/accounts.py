"""``brandtrace user``: add people from the keyboard; the only way to make the first administrator."""

from __future__ import annotations

import click

from brand.cli.doors import open_database, writing
from brand.kernel.actors import Grant
from brand.kernel.permissions import Role
from brand.services import accounts


@click.group()
def user() -> None:
    """People who may sign in."""


@user.command()
@click.argument("username")
@click.option("--name", required=True, help="The person's name.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([one.value for one in Role]))
@click.option("--enterprise", help="Enterprise id, for the roles that belong to one.")
@click.option("--township", help="Township code of nine digits, for a township's clerk.")
@click.option("--phone", help="Mainland mobile number; may be used to sign in.")
def add(
    username: str, name: str, roles: tuple[str, ...], enterprise: str | None, township: str | None, phone: str | None
) -> None:
    """Add USERNAME and print a password that is good for one sign-in."""
    database = open_database()
    with writing(database) as work:
        grants = tuple(Grant(Role(one), enterprise, township=township) for one in roles)
        account, password = accounts.add(work, username=username, name=name, grants=grants, phone=phone)
    click.echo(f"{account.username}\t{password}")
