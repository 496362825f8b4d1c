"""Who lives in the demo county: invented enterprises with their clerks, and the people of the brand office."""

from __future__ import annotations

from functools import partial

from sqlmodel import Session, select

from brand.kernel.actors import Grant
from brand.kernel.permissions import Role
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from trace.cli.demo_telling import Party, Telling

COOPERATIVE = Party(
    "producer", "cooperative", "乌拉特中旗示范养羊专业合作社", "Demo Sheep Farmers' Cooperative",
    "93150824DEM000014T", "150824201", "13800000001",
)  # fmt: skip
ABATTOIR = Party(
    "abattoir", "abattoir", "乌拉特中旗示范肉业有限公司", "Demo Meat Company",
    "91150824DEM000022U", "150824100", "13800000002",
)  # fmt: skip
NEIGHBOUR = Party(
    "neighbour", "cooperative", "乌拉特中旗示范草原养殖合作社", "Demo Grassland Cooperative",
    "93150824DEM000030G", "150824202", "13800000003",
)  # fmt: skip
NEWCOMER = Party(
    "newcomer", "company", "乌拉特中旗示范农牧有限公司", "Demo Farming Company",
    "91150824DEM000049K", "150824203", "13800000004",
)  # fmt: skip
GROWER = Party(
    "grower", "cooperative", "乌拉特中旗示范种植养蜂专业合作社", "Demo Growers' and Beekeepers' Cooperative",
    "93150824DEM0000653", "150824103", "13800000006",
)  # fmt: skip

#: user name, name, role of the office's people.
OFFICE = (
    ("admin", "示范管理员", Role.ADMINISTRATOR),
    ("clerk", "示范经办员", Role.BRAND_CLERK),
    ("approver", "示范审批员", Role.BRAND_APPROVER),
    ("deputy", "示范复核员", Role.BRAND_APPROVER),
    ("inspector", "示范监管员", Role.INSPECTOR),
    ("auditor", "示范审计员", Role.AUDITOR),
)


def office(told: Telling) -> None:
    """The people of the brand office."""

    def hired(work: Work) -> None:
        for username, name, role in OFFICE:
            told.hire(work, username, name, Grant(role))

    told.act("2026-08-03 09:30", None, hired)


def enterprises_join(told: Telling) -> None:
    """Each joins by itself and is confirmed by the clerk; a station and a township get their people."""
    for party in (COOPERATIVE, ABATTOIR, NEIGHBOUR, GROWER):
        told.joins(party, "2026-08-04 10:00")
        told.act("2026-08-05 09:00", "clerk", partial(told.confirm, party=party))
    told.act(
        "2026-08-05 10:00",
        None,
        lambda work: told.hire(
            work, "station", "示范站点员", Grant(Role.STATION_AGENT, of(work.session, COOPERATIVE).id)
        ),
    )
    right = Grant(Role.TOWNSHIP_CLERK, township=COOPERATIVE.township)
    told.act("2026-08-05 10:30", None, lambda work: told.hire(work, "township", "示范苏木经办员", right))


def of(session: Session, party: Party) -> Enterprise:
    """The enterprise a party became."""
    return session.exec(select(Enterprise).where(Enterprise.credit_code == party.credit_code)).one()


def product(session: Session, code: str) -> Product:
    """The product of that code."""
    return session.exec(select(Product).where(Product.code == code)).one()
