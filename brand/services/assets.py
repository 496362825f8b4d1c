"""Changes what an enterprise brings: sites opened and closed, marks and certificates declared, compared, withdrawn."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, conflict, invalid, refused, unknown
from brand.kernel.uploads import Upload
from brand.kernel.work import Work
from brand.models.assets import Asset, AssetFile, Site
from brand.models.enterprises import Enterprise, EnterpriseState
from brand.rules import asset_kinds, enterprise_entries
from brand.rules.asset_flow import FLOW, LIVE
from brand.rules.asset_kinds import AssetKind


def add_site(work: Work, enterprise_id: str, *, kind: str, name: str, township_code: str, county_code: str) -> Site:
    """A place the enterprise works at; raises ``enterprises.entries`` with a fault at county or township."""
    _own(work, enterprise_id)
    place = enterprise_entries.check({"county_code": county_code, "township_code": township_code}, work.today)
    made = Site(enterprise_id=enterprise_id, kind=kind, name=name, added_at=work.now, **place)
    work.session.add(made)
    work.session.flush()
    audit.record(work, "sites.add", "site", made.id, enterprise_id=enterprise_id, kind=kind)
    return made


def close_site(work: Work, site_id: str) -> Site:
    """The place is given up; it stays in the history."""
    found = work.session.get(Site, site_id)
    if found is None:
        raise unknown()
    _own(work, found.enterprise_id)
    if found.closed_at is None:
        found.closed_at = work.now
        audit.record(work, "sites.close", "site", site_id, enterprise_id=found.enterprise_id)
    return found


def declare(work: Work, enterprise_id: str, *, upload: Upload | None = None, **entries: Any) -> Asset:
    """A mark or certificate the enterprise says it holds; ``upload`` is its scan, kept for those who compare it.

    Raises ``assets.entries`` with a fault per field, or ``assets.taken`` while the number is claimed already.
    """
    _own(work, enterprise_id)
    checked = asset_kinds.check(entries | ({"file_sha256": upload.digest} if upload else {}), work.today)
    move = FLOW.apply("new", "declare", {})
    claim = asset_kinds.claim(checked["kind"], checked["number"], enterprise_id)
    held = select(Asset.id).where(Asset.claim == claim, col(Asset.state).in_(LIVE))
    if work.session.exec(held).first():
        raise _taken(checked["number"])
    made = Asset(
        enterprise_id=enterprise_id,
        claim=claim,
        state=move.next_state,
        declared_by=work.actor.person_id or "",
        declared_at=work.now,
        **checked,
    )
    work.session.add(made)
    try:
        work.session.flush()
    except IntegrityError as error:  # somebody claimed it in the same moment: the index decides
        raise _taken(checked["number"]) from error
    if upload is not None:
        _keep(work, made, upload)
    _record(work, move.audit, made)
    return made


def _keep(work: Work, asset: Asset, upload: Upload) -> None:
    work.session.add(
        AssetFile(
            asset_id=asset.id,
            name=upload.name,
            media_type=upload.media_type,
            size=upload.size,
            digest=upload.digest,
            content=upload.data,
            added_at=work.now,
            added_by_name=work.actor.name,
        )
    )
    work.session.flush()


def _taken(number: str) -> AppError:
    return invalid("assets.taken", faults=[Fault("assets.taken", "/number", {"given": number})], given=number)


def step(work: Work, asset_id: str, action: str, *, version: int, reason_code: str = "", comment: str = "") -> Asset:
    """``confirm``, ``refuse`` (with a reason) or ``withdraw``; raises ``assets.stale`` and what a guard refuses."""
    permission = next((one.permission for one in FLOW.steps if one.action == action and action != "declare"), None)
    found = work.session.get(Asset, asset_id)
    if permission is None or found is None:
        raise unknown()
    work.actor.require(permission, found.enterprise_id)
    taken = work.session.exec(
        update(Asset).where(col(Asset.id) == asset_id, col(Asset.version) == version).values(version=version + 1)
    )
    found = work.session.get_one(Asset, asset_id, populate_existing=True)
    if taken.rowcount != 1:
        raise conflict("assets.stale", number=found.number)
    facts = {
        "today": work.today,
        "valid_until": found.valid_until,
        "history": asset_kinds.kinds()[AssetKind(found.kind)].history,
        "person_id": work.actor.person_id,
        "declared_by": found.declared_by,
        "reason_code": reason_code,
    }
    move = FLOW.apply(found.state, action, facts)
    found.state = move.next_state
    found.reason_code, found.reason = (reason_code, comment) if move.reason else ("", "")
    found.decided_by, found.decided_at = work.actor.person_id, work.now
    work.session.flush()
    _record(work, move.audit, found, reason_code=reason_code)
    return found


def close_all(work: Work, enterprise_id: str) -> None:
    """Withdraw every live claim of an entry that is merged away, so that the one that is kept may declare them."""
    live = select(Asset).where(Asset.enterprise_id == enterprise_id, col(Asset.state).in_(LIVE))
    for one in work.session.exec(live).all():
        one.state, one.version = "withdrawn", one.version + 1
        one.decided_by, one.decided_at = work.actor.person_id, work.now
        _record(work, "assets.withdraw", one)
    work.session.flush()


def _own(work: Work, enterprise_id: str) -> None:
    work.actor.require("enterprises.edit", enterprise_id)
    if work.session.get_one(Enterprise, enterprise_id).state == EnterpriseState.MERGED:
        raise refused("enterprises.merged")


def _record(work: Work, action: str, asset: Asset, **detail: Any) -> None:
    audit.record(
        work,
        action,
        "asset",
        asset.id,
        enterprise_id=asset.enterprise_id,
        kind=asset.kind,
        number=asset.number,
        **detail,
    )
