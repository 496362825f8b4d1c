"""Makes the smallest valid thing of each kind, through the services wherever they exist."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlmodel import Session, select

from brand.kernel.actors import SYSTEM, Actor
from brand.kernel.work import Work
from brand.models.accounts import Account, Person, RoleGrant
from brand.models.enterprises import Enterprise, EnterpriseKind, EnterpriseState
from brand.models.schemes import Scheme
from tests.people import CAST, PersonOfTheCast

#: The moment most tests happen at: an ordinary Monday morning in China.
MONDAY = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)

#: Credit codes with right check digits, for invented enterprises (region 150824).
CREDIT_CODES = {
    "cooperative": "931508241111111116",
    "abattoir": "911508242222222221",
    "rival": "931508243333333331",
    "rival_abattoir": "911508244444444441",
}
_ENTERPRISES = {
    "cooperative": (EnterpriseKind.COOPERATIVE, "乌拉特中旗示范养羊专业合作社", "Demo Sheep Cooperative"),
    "abattoir": (EnterpriseKind.ABATTOIR, "乌拉特中旗示范肉业有限公司", "Demo Meat Company"),
    "rival": (EnterpriseKind.COOPERATIVE, "乌拉特中旗示范邻社", "Demo Neighbour Cooperative"),
    "rival_abattoir": (EnterpriseKind.ABATTOIR, "乌拉特中旗示范邻厂", "Demo Neighbour Abattoir"),
}


def work(session: Session, actor: Actor = SYSTEM, now: datetime = MONDAY) -> Work:
    return Work(session, actor, now, "test")


def the_cast(session: Session) -> None:
    """Enterprises and accounts of the cast, as the template database holds them."""
    for key, (kind, name, name_en) in _ENTERPRISES.items():
        session.add(
            Enterprise(
                id=key,
                kind=kind.value,
                name=name,
                name_en=name_en,
                credit_code=CREDIT_CODES[key],
                county_code="150824",
                township_code="150824100",
                address="示范路1号",
                contact_name="示范联系人",
                contact_phone="13800000000",
                state=EnterpriseState.CONFIRMED.value,
                joined_at=MONDAY,
            )
        )
    session.flush()
    for person in CAST:
        session.add(Person(id=person.username, name=person.name))
        session.flush()
        session.add(
            Account(
                id=person.username,
                person_id=person.username,
                username=person.username,
                password="not-a-hash",
                created_at=MONDAY,
            )
        )
        session.flush()
        session.add(RoleGrant(account_id=person.username, role=person.role.value, enterprise_id=person.enterprise))
    session.flush()


def actor(session: Session, person: PersonOfTheCast) -> Actor:
    from brand.queries import accounts

    account = session.exec(select(Account).where(Account.username == person.username)).one()
    return accounts.actor_of_account(session, account)


def a_scheme(work: Work) -> Scheme:
    """The shipped scheme of Urad Middle Banner, and with it the work calendar."""
    from brand.schemas import presets
    from brand.services import schemes

    return schemes.load_preset(work, presets.read_shipped("urad-1-3-10"))
