"""Reads what enterprises bring: sites, marks and certificates, those to be compared, and those soon to run out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, col, select

from brand.kernel.actors import Actor
from brand.kernel.errors import unknown
from brand.models.assets import Asset, AssetFile, Site
from brand.models.enterprises import Enterprise
from brand.queries import schemes
from brand.rules import asset_kinds, places, trademarks
from brand.rules.asset_flow import FLOW, LIVE
from brand.rules.asset_kinds import AssetKind, KindRule


@dataclass(frozen=True)
class Held:
    """One mark or certificate with its kind's rule; ``expired`` by its own last day."""

    asset: Asset
    rule: KindRule
    expired: bool
    warnings: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The state as readers are told it: expiry is no decision and is read from the date."""
        return "expired" if self.expired and self.asset.state in LIVE else self.asset.state


@dataclass(frozen=True)
class Placed:
    """A site with the name of its township."""

    site: Site
    township: str


def find(session: Session, actor: Actor, asset_id: str, today: date) -> tuple[Held, Enterprise]:
    """One mark or certificate within reach; raises ``access.unknown``."""
    found = session.get(Asset, asset_id)
    if found is None:
        raise unknown()
    actor.require("enterprises.read", found.enterprise_id)
    enterprise = session.get_one(Enterprise, found.enterprise_id)
    return _held(found, today, enterprise.county_code), enterprise


def scan(session: Session, actor: Actor, asset_id: str) -> AssetFile:
    """The scan of one declaration, for those who may read it; raises ``access.unknown``."""
    asset = session.get(Asset, asset_id)
    if asset is None:
        raise unknown()
    actor.require("enterprises.read", asset.enterprise_id)
    found = session.exec(select(AssetFile).where(AssetFile.asset_id == asset_id)).first()
    if found is None:
        raise unknown()
    return found


def has_scan(session: Session, asset_id: str) -> bool:
    return session.exec(select(AssetFile.id).where(AssetFile.asset_id == asset_id)).first() is not None


def of(session: Session, actor: Actor, enterprise_id: str, today: date) -> list[Held]:
    """Everything the enterprise ever declared, newest first; raises ``access.unknown``."""
    actor.require("enterprises.read", enterprise_id)
    statement = select(Asset).where(Asset.enterprise_id == enterprise_id)
    return [_held(one, today) for one in session.exec(statement.order_by(col(Asset.declared_at).desc()))]


def public(session: Session, enterprise_id: str, today: date) -> list[Held]:
    """What the public reads: declared and confirmed ones."""
    statement = select(Asset).where(Asset.enterprise_id == enterprise_id, col(Asset.state).in_(LIVE))
    return [_held(one, today) for one in session.exec(statement.order_by(Asset.kind, Asset.number))]


def certificates(session: Session, enterprise_id: str, day: date) -> list[Asset]:
    """The enterprise's certificates that the office compared and that are in force on that day."""
    statement = select(Asset).where(Asset.enterprise_id == enterprise_id, Asset.state == "confirmed")
    return [
        one
        for one in session.exec(statement.order_by(Asset.kind, Asset.number))
        if asset_kinds.certifies(one.kind, one.state, one.valid_from, one.valid_until, day)
    ]


def sites(session: Session, enterprise_id: str) -> list[Placed]:
    """The places an enterprise works at today."""
    statement = select(Site).where(Site.enterprise_id == enterprise_id, col(Site.closed_at).is_(None))
    return [Placed(one, _township(one)) for one in session.exec(statement.order_by(Site.kind, Site.name))]


def _township(site: Site) -> str:
    return next((one.name for one in places.townships(site.county_code) if one.code == site.township_code), "")


def to_compare(session: Session, actor: Actor, most: int) -> list[tuple[Asset, Enterprise]]:
    """Declarations that wait for somebody who compares them, oldest first."""
    statement = _with_enterprise(actor, "assets.confirm").where(Asset.state == "declared")
    return list(session.exec(statement.order_by(col(Asset.declared_at)).limit(most)))


def running_out(session: Session, actor: Actor, today: date, most: int) -> list[tuple[Asset, Enterprise]]:
    """One's own that end within the longest period of notice of any scheme or have just ended, the soonest first.

    A trademark is told of as long as the law lets it be renewed: the last twelve months and the time of grace.
    """
    days = max(schemes.values_in_force(session, "certificate_reminder_days"), default=None)
    mine = _with_enterprise(actor, "enterprises.edit").where(col(Asset.state).in_(LIVE))
    ends = col(Asset.valid_until)
    marks = mine.where(Asset.kind == AssetKind.TRADEMARK, ends.is_not(None)).order_by(ends)
    found = [row for row in session.exec(marks) if trademarks.due(row[0].valid_until, today)]
    if days is not None:
        soon = mine.where(ends <= today + timedelta(days=days), ends >= today - timedelta(days=days))
        found += session.exec(soon.where(Asset.kind != AssetKind.TRADEMARK).order_by(ends).limit(most))
    return sorted(found, key=lambda row: row[0].valid_until)[:most]


def actions_open_to(held: Held, actor: Actor) -> frozenset[str]:
    """The steps this person's role allows in this state."""
    steps: Iterable[tuple[str, str]] = ((one.action, one.permission) for one in FLOW.open_actions(held.asset.state))
    return frozenset(action for action, permission in steps if actor.may(permission, held.asset.enterprise_id))


def _with_enterprise(actor: Actor, permission: str):  # type: ignore[no-untyped-def]
    reach = actor.reach(permission)
    statement = select(Asset, Enterprise).join(Enterprise, col(Enterprise.id) == col(Asset.enterprise_id))
    return statement if reach is None else statement.where(col(Asset.enterprise_id).in_(reach))


def _held(asset: Asset, today: date, county_code: str = "") -> Held:
    expired = asset.valid_until is not None and asset.valid_until < today
    warnings = asset_kinds.warnings(asset.kind, asset.number, county_code) if county_code else ()
    return Held(asset, asset_kinds.kinds()[AssetKind(asset.kind)], expired, warnings)
