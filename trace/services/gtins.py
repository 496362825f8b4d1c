"""Changes which company prefixes an enterprise may use and which GTINs it gave to its goods.

Nobody invents a GTIN here: a prefix is declared by its enterprise, compared with the paper by the office, and only then
goods are registered under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select, update

from brand.kernel import audit
from brand.kernel.errors import AppError, Fault, conflict, invalid, unknown
from brand.kernel.work import Work
from brand.models.enterprises import Enterprise
from brand.models.schemes import Product
from trace.models.gtins import CompanyPrefix, TradeItem
from trace.models.labels import LabelOrder
from trace.queries import gtins as reads
from trace.rules import gtins
from trace.rules.gtins import FLOW, GtinSource


@dataclass(frozen=True)
class Goods:
    """Goods of one kind and size and the GTIN they are to bear, as written."""

    gtin: str
    product_id: str
    goods: str
    net_kg: Decimal


def declare(
    work: Work, enterprise_id: str, *, prefix: str, source: str, owner: str = "", valid_until: date | None = None
) -> CompanyPrefix:
    """A prefix the enterprise may use; it counts once the office has seen the certificate.

    Raises ``gtins.prefix_shape``, ``.prefix_restricted``, ``.owner_missing``, ``.prefix_over`` or ``.prefix_taken``.
    """
    work.actor.require("enterprises.edit", enterprise_id)
    if work.session.get(Enterprise, enterprise_id) is None:
        raise unknown()
    gtins.check_prefix(prefix)
    kind = GtinSource(source)
    gtins.check_owner(kind, owner)
    if valid_until is not None and valid_until < work.today:
        raise _at("valid_until", "gtins.prefix_over")
    move = FLOW.apply("new", "declare", {})
    made = CompanyPrefix(
        enterprise_id=enterprise_id,
        prefix=prefix,
        source=kind.value,
        owner=owner if kind is GtinSource.BRAND_OWNER else "",
        valid_until=valid_until,
        state=move.next_state,
        declared_at=work.now,
        declared_by=work.actor.person_id or "",
    )
    if reads.taken(work.session, made):
        raise _at("prefix", "gtins.prefix_taken")
    _add(work, made, _at("prefix", "gtins.prefix_taken"))
    _note(work, move.audit, made)
    return made


def step(work: Work, prefix_id: str, action: str, *, version: int) -> CompanyPrefix:
    """``confirm`` or ``refuse`` (the office), ``end``; raises ``gtins.stale`` and what a guard refuses.

    An ended prefix gives no more GTINs; those it gave keep resolving, because packs outlive a membership.
    """
    permission = next((one.permission for one in FLOW.steps if one.action == action), None)
    found = work.session.get(CompanyPrefix, prefix_id)
    if permission is None or action == "declare" or found is None:
        raise unknown()
    work.actor.require(permission, found.enterprise_id)
    its = (col(CompanyPrefix.id) == prefix_id, col(CompanyPrefix.version) == version)
    taken = work.session.exec(update(CompanyPrefix).where(*its).values(version=version + 1))
    if taken.rowcount != 1:
        raise conflict("gtins.stale")
    work.session.refresh(found)
    move = FLOW.apply(found.state, action, reads.facts(work.session, found, work.actor))
    found.state = move.next_state
    if permission == "assets.confirm":
        found.decided_at, found.decided_by = work.now, work.actor.person_id
    work.session.flush()
    _note(work, move.audit, found)
    return found


def register(work: Work, enterprise_id: str, wanted: Sequence[Goods]) -> list[TradeItem]:
    """Give goods their GTINs, all or nothing.

    Raises ``gtins.registering`` with a fault per line: what ``check_gtin`` raises, ``gtins.prefix_foreign``,
    ``gtins.product``, ``gtins.gtin_taken``, ``gtins.goods_taken`` or ``gtins.line_twice``.
    """
    work.actor.require("enterprises.edit", enterprise_id)
    # Two who register for one enterprise take turns, so that each sees the goods of the other.
    locked = select(Enterprise.id).where(Enterprise.id == enterprise_id).with_for_update()
    if work.session.exec(locked).first() is None:
        raise unknown()
    prefixes = {one.prefix: one for one in reads.counting(work.session, enterprise_id, work.today)}
    made: list[TradeItem] = []
    faults: list[Fault] = []
    for place, one in enumerate(wanted):
        try:
            made.append(_item(work, enterprise_id, one, prefixes, made))
        except AppError as error:
            faults.append(Fault(error.code, f"/lines/{place}/{_FIELDS.get(error.code, 'gtin')}", error.params))
    if faults:
        raise invalid("gtins.registering", faults=faults, count=len(faults))
    for item in made:
        _add(work, item, invalid("gtins.gtin_taken", gtin=item.gtin))
        audit.record(work, "gtins.register", "trade_item", item.id, enterprise_id=enterprise_id, gtin=item.gtin)
    return made


def retire(work: Work, item_id: str, *, version: int) -> TradeItem:
    """The goods are no longer made: no new labels name the GTIN, printed ones keep resolving; ``gtins.stale``."""
    found = work.session.get(TradeItem, item_id)
    if found is None:
        raise unknown()
    work.actor.require("enterprises.edit", found.enterprise_id)
    its = (col(TradeItem.id) == item_id, col(TradeItem.version) == version, col(TradeItem.active))
    values = {"version": version + 1, "active": False, "retired_at": work.now}
    if work.session.exec(update(TradeItem).where(*its).values(**values)).rowcount != 1:
        raise conflict("gtins.stale")
    work.session.refresh(found)
    audit.record(work, "gtins.retire", "trade_item", item_id, enterprise_id=found.enterprise_id, gtin=found.gtin)
    return found


def take_back(work: Work, item_id: str) -> None:
    """A registration that was a mistake; raises ``gtins.printed`` once labels bear the GTIN: then it is retired."""
    found = work.session.get(TradeItem, item_id)
    if found is None:
        raise unknown()
    work.actor.require("enterprises.edit", found.enterprise_id)
    if work.session.exec(select(LabelOrder.id).where(LabelOrder.gtin == found.gtin)).first():
        raise conflict("gtins.printed", gtin=found.gtin)
    audit.record(work, "gtins.take_back", "trade_item", item_id, enterprise_id=found.enterprise_id, gtin=found.gtin)
    work.session.delete(found)
    work.session.flush()


#: At which field of a line a refusal stands; the others speak of the GTIN.
_FIELDS = {"gtins.product": "product_id", "gtins.goods_taken": "goods"}


def _item(
    work: Work, enterprise_id: str, one: Goods, prefixes: dict[str, CompanyPrefix], before: Sequence[TradeItem]
) -> TradeItem:
    gtin = gtins.as_written(one.gtin)
    gtins.check_gtin(gtin)
    prefix = gtins.under(gtin, prefixes)
    if prefix is None:
        raise invalid("gtins.prefix_foreign", gtin=gtin)
    if work.session.get(Product, one.product_id) is None:
        raise invalid("gtins.product")
    if any(each.gtin == gtin for each in before):
        raise invalid("gtins.line_twice", gtin=gtin)
    if reads.by_gtin(work.session, gtin) is not None:
        raise invalid("gtins.gtin_taken", gtin=gtin)
    same = next((each for each in before if _is_same(each, one)), None)
    same = same or reads.of_goods(work.session, enterprise_id, one.product_id, one.goods, one.net_kg)
    if same is not None:
        raise invalid("gtins.goods_taken", gtin=same.gtin)
    return TradeItem(
        gtin=gtin,
        enterprise_id=enterprise_id,
        prefix_id=prefixes[prefix].id,
        product_id=one.product_id,
        goods=one.goods,
        net_kg=one.net_kg,
        registered_at=work.now,
        registered_by=work.actor.person_id or "",
    )


def _is_same(item: TradeItem, one: Goods) -> bool:
    return (item.product_id, item.goods, item.net_kg) == (one.product_id, one.goods, one.net_kg)


def _add(work: Work, row: CompanyPrefix | TradeItem, taken: AppError) -> None:
    """A unique key decides between two who were first at the same moment."""
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:
        raise taken from None


def _note(work: Work, action: str, one: CompanyPrefix) -> None:
    about = {"prefix": one.prefix, "source": one.source}
    audit.record(work, action, "company_prefix", one.id, enterprise_id=one.enterprise_id, **about)


def _at(field: str, code: str) -> AppError:
    return invalid(code, faults=[Fault(code, f"/{field}")])
