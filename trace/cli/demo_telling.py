"""How the demo county's story is told: one transaction per act, each at its own moment and by its own person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from brand.kernel.actors import ANONYMOUS, SYSTEM, Actor, Grant
from brand.kernel.clock import CHINA
from brand.kernel.db import Database
from brand.kernel.passwords import first_password
from brand.kernel.work import Work
from brand.models.accounts import Account
from brand.models.enterprises import Enterprise
from brand.queries import accounts as reading_accounts
from brand.services import accounts, enterprises
from trace.services.signer import LabelSigner

Act = Callable[[Work], object]


@dataclass(frozen=True)
class Party:
    """An enterprise that joins, with its clerk."""

    username: str
    kind: str
    name: str
    name_en: str
    credit_code: str
    township: str
    phone: str


@dataclass(frozen=True)
class Told:
    """What the demo prints: (user name, name, role, first password), and the paths of packs by what they show."""

    people: list[tuple[str, str, str, str]]
    packs: list[tuple[str, str]]


class Telling:
    """The county while it is told: its database and signer, and the first passwords of its people."""

    def __init__(self, database: Database, signer: LabelSigner, say: Callable[[str], None]) -> None:
        self.database = database
        self.signer = signer
        self.say = say
        self.packs: list[tuple[str, str]] = []
        self._passwords: dict[str, str] = {}

    def act(self, moment: str | datetime, username: str | None, act: Act) -> None:
        """One act of one person; nobody named is the system itself."""
        at = _moment(moment)
        with self.database.writing() as session:
            act(Work(session, _actor(session, username, at) if username else SYSTEM, at, "demo"))

    def hire(self, work: Work, username: str, name: str, right: Grant) -> None:
        """Somebody gets an account with one right."""
        _, self._passwords[username] = accounts.add(work, username=username, name=name, grants=(right,))

    def joins(self, party: Party, moment: str | datetime) -> None:
        """An enterprise enters itself; its clerk gets a password for one sign-in."""
        at = _moment(moment)
        with self.database.writing() as session:
            enterprises.join(
                Work(session, ANONYMOUS, at, "demo"),
                username=party.username,
                password=first_password(),
                kind=party.kind,
                name=party.name,
                name_en=party.name_en,
                credit_code=party.credit_code,
                county_code="150824",
                township_code=party.township,
                address="示范路1号",
                contact_name="示范联系人",
                contact_phone=party.phone,
            )
            account = reading_accounts.find(session, username=party.username)
            assert account is not None
            self._passwords[party.username] = accounts.reset(Work(session, SYSTEM, at, "demo"), account.id)

    def confirm(self, work: Work, party: Party) -> None:
        """The clerk found the entry in order."""
        found = work.session.exec(select(Enterprise).where(Enterprise.credit_code == party.credit_code)).one()
        enterprises.step(work, found.id, "confirm", version=found.version)

    def told(self) -> Told:
        """What is to be printed."""
        with self.database.reading() as session:
            people = [
                (account.username, person.name, grants[0][0].role, self._passwords[account.username])
                for account, person, grants in reading_accounts.listing(session)
            ]
        return Told(people, self.packs)


def _moment(text: str | datetime) -> datetime:
    """A moment of the story, told in Chinese wall-clock time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA) if isinstance(text, str) else text


def _actor(session: Session, username: str, at: datetime) -> Actor:
    account = session.exec(select(Account).where(Account.username == username)).one()
    return reading_accounts.actor_of_account(session, account, at)
