"""Prefixes and GTINs: nobody invents one, nobody takes another's, and what was given is never given again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from brand.kernel.db import Database
from brand.kernel.errors import AppError
from brand.queries.desk import Waiting
from tests import make
from tests.people import CLERK, PRODUCER, RIVAL, PersonOfTheCast
from trace.queries import desk
from trace.queries import gtins as reads
from trace.services import gtins
from trace.services.gtins import Goods

pytestmark = pytest.mark.packed
GTIN = "09521234000013"


def by(session: Session, person: PersonOfTheCast) -> Any:
    return make.work(session, make.actor(session, person))


def refusal(code: str, act: Callable[[], Any]) -> AppError:
    with pytest.raises(AppError) as caught:
        act()
    assert caught.value.code == code, caught.value.code
    return caught.value


def goods(session: Session, gtin: str, name: str = "羊腿", kg: str = "1.5") -> Goods:
    return Goods(gtin, make.a_product(session).id, name, Decimal(kg))


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"prefix": "123"}, "gtins.prefix_shape"),
        ({"prefix": "95212x4"}, "gtins.prefix_shape"),
        ({"prefix": "000000"}, "gtins.prefix_shape"),
        ({"prefix": "0212345"}, "gtins.prefix_restricted"),
        ({"prefix": "0412345"}, "gtins.prefix_restricted"),
        ({"prefix": "2912345"}, "gtins.prefix_restricted"),
        ({"source": "brand_owner"}, "gtins.owner_missing"),
        ({"valid_until": make.MONDAY.date() - timedelta(days=1)}, "gtins.prefix_over"),
    ],
)
def test_a_prefix_that_cannot_be(database: Database, entry: dict[str, Any], code: str) -> None:
    with database.writing() as session:
        wanted = {"prefix": "9521234", "source": "producer"} | entry
        refusal(code, lambda: gtins.declare(by(session, PRODUCER), "cooperative", **wanted))


def test_a_prefix_is_one_enterprises_and_confirmed_by_another_person(database: Database) -> None:
    with database.writing() as session:
        made = gtins.declare(by(session, PRODUCER), "cooperative", prefix="9521234", source="producer")
        refusal(
            "gtins.prefix_taken", lambda: gtins.declare(by(session, RIVAL), "rival", prefix="95212", source="producer")
        )
        refusal("access.unknown", lambda: gtins.step(by(session, PRODUCER), made.id, "confirm", version=1))
        refusal("access.unknown", lambda: gtins.step(by(session, RIVAL), made.id, "end", version=1))
        refusal("gtins.stale", lambda: gtins.step(by(session, CLERK), made.id, "confirm", version=2))
        gtins.step(by(session, CLERK), made.id, "confirm", version=1)
        lent = {"source": "brand_owner", "owner": "示范品牌公司"}
        gtins.declare(by(session, RIVAL), "rival", prefix="9521234", **lent)


@pytest.mark.parametrize(
    ("gtin", "code"),
    [
        ("09521234000014", "gtins.check_digit"),
        ("9521234000013 ", "gtins.goods_taken"),
        ("952123400001", "gtins.check_digit"),
        ("12345678", "gtins.shape"),
        ("00000000000000", "gtins.zero"),
        ("02001234567893", "gtins.restricted"),
        ("06901234567892", "gtins.prefix_foreign"),
        ("０9521234000020", "gtins.goods_taken"),
    ],
)
def test_a_gtin_that_cannot_be(database: Database, gtin: str, code: str) -> None:
    """Whatever is refused, nothing of the call was done."""
    with database.writing() as session:
        make.a_gtin(make.work(session), goods="羊腿")
        before = len(reads.items(session, by(session, PRODUCER).actor, "cooperative"))
        wanted = [goods(session, "09521234000037", "羊排"), goods(session, gtin, kg="0.5")]
        error = refusal("gtins.registering", lambda: gtins.register(by(session, PRODUCER), "cooperative", wanted))
        told = {one.code: one.pointer for one in error.faults}
        expected = "gtins.gtin_taken" if gtin.startswith("952123400001") and code != "gtins.check_digit" else code
        assert expected in told, told
        assert told[expected].startswith("/lines/1/")
        assert len(reads.items(session, by(session, PRODUCER).actor, "cooperative")) == before


def test_a_gtin_is_never_given_again_and_rights_are_asked_for(database: Database) -> None:
    with database.writing() as session:
        item = make.a_gtin(make.work(session))
        refusal("access.unknown", lambda: gtins.retire(by(session, RIVAL), item.id, version=1))
        gtins.retire(by(session, PRODUCER), item.id, version=1)
        refusal("gtins.stale", lambda: gtins.retire(by(session, PRODUCER), item.id, version=1))
        again = [goods(session, GTIN, "别的商品")]
        error = refusal("gtins.registering", lambda: gtins.register(by(session, PRODUCER), "cooperative", again))
        assert [one.code for one in error.faults] == ["gtins.gtin_taken"]
        other = gtins.register(
            by(session, PRODUCER), "cooperative", [goods(session, "09521234000020", "法式羊肋脊排", "0.5")]
        )
        assert other[0].active
        refusal("access.unknown", lambda: gtins.register(by(session, RIVAL), "cooperative", []))


def test_an_ended_or_run_out_prefix_gives_no_more(database: Database) -> None:
    with database.writing() as session:
        item = make.a_gtin(make.work(session))
        line = make.PackLine(batch_id="x", cut=item.goods, net_kg=item.net_kg, packs=1)
        batch = make.Batch(producer_id="cooperative", licensee_id="cooperative", product_id=item.product_id)
        assert reads.of_line(session, batch, line, make.MONDAY.date()) is not None
        prefix = reads.counting(session, "cooperative", make.MONDAY.date())[0]
        gtins.step(by(session, PRODUCER), prefix.id, "end", version=prefix.version)
        assert reads.of_line(session, batch, line, make.MONDAY.date()) is None
        found = reads.public(session, GTIN, make.MONDAY.date())
        assert replace(found).item.gtin == GTIN
        error = refusal(
            "gtins.registering",
            lambda: gtins.register(by(session, PRODUCER), "cooperative", [goods(session, "09521234000020")]),
        )
        assert [one.code for one in error.faults] == ["gtins.prefix_foreign"]


def test_a_prefix_that_waits_stands_on_the_office_s_desk_with_its_last_day_and_on_nobody_else_s(
    database: Database,
) -> None:
    with database.writing() as session:
        made = gtins.declare(by(session, PRODUCER), "cooperative", prefix="9521234", source="producer")
        make.a_product(session)

        def lines(person: PersonOfTheCast) -> list[Waiting]:
            found = desk.waiting(session, make.actor(session, person), make.MONDAY.date())
            return [one for one in found if one.topic == "desk.prefix_to_confirm"]

        (line,) = lines(CLERK)
        assert (line.title, line.endpoint) == ("9521234", "gtins.index")
        assert line.due is not None
        assert lines(PRODUCER) == lines(RIVAL) == []
        gtins.step(by(session, CLERK), made.id, "confirm", version=made.version)
        assert lines(CLERK) == []
