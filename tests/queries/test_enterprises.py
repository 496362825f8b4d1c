"""Lists of enterprises within reach, search, and who may see how to reach one."""

from __future__ import annotations

import pytest

from brand.kernel.db import Database
from brand.kernel.errors import AppError, Kind
from brand.queries import enterprises as reading
from tests import make
from tests.people import ABATTOIR, ADMIN, APPROVER, AUDITOR, CLERK, INSPECTOR, PRODUCER, PersonOfTheCast


def found(database: Database, person: PersonOfTheCast, **filters: str) -> set[str]:
    with database.reading() as session:
        return {one.id for one in reading.listing(session, make.actor(session, person), **filters).rows}  # type: ignore[arg-type]


def test_the_office_sees_all_and_each_enterprise_itself(database: Database) -> None:
    assert found(database, CLERK) == {"cooperative", "abattoir", "rival", "rival_abattoir", "laboratory"}
    assert found(database, PRODUCER) == {"cooperative"}
    assert found(database, ABATTOIR) == {"abattoir"}
    assert found(database, PRODUCER, q="邻") == set()


def test_two_characters_find_a_name_and_a_wildcard_finds_nothing(database: Database) -> None:
    assert found(database, CLERK, q="肉业") == {"abattoir"}
    assert found(database, CLERK, q="neighbour") == {"rival", "rival_abattoir"}
    assert found(database, CLERK, q="3333333") == {"rival"}
    assert found(database, CLERK, q="sfls") == {"rival"}
    assert found(database, PRODUCER, q="sfls") == set()
    for wildcard in ("%", "_", "\\", "'"):
        assert found(database, CLERK, q=wildcard) == set()


def test_kind_and_state_narrow_the_list(database: Database) -> None:
    assert found(database, CLERK, kind="abattoir") == {"abattoir", "rival_abattoir"}
    assert found(database, CLERK, state="pending") == set()
    assert found(database, CLERK, kind="abattoir", q="邻") == {"rival_abattoir"}


def test_pages_never_repeat_a_row(database: Database) -> None:
    with database.reading() as session:
        actor = make.actor(session, CLERK)
        pages = [reading.listing(session, actor, number=one, size=3) for one in (1, 2, 99)]
    assert [len(one.rows) for one in pages] == [3, 2, 2]
    assert {one.id for page in pages[:2] for one in page.rows} == {
        "cooperative",
        "abattoir",
        "rival",
        "rival_abattoir",
        "laboratory",
    }


@pytest.mark.parametrize(
    ("person", "sees"),
    [(CLERK, True), (APPROVER, True), (INSPECTOR, True), (PRODUCER, True), (ADMIN, False), (AUDITOR, False)],
)
def test_contact_data_is_for_those_who_need_it(database: Database, person: PersonOfTheCast, sees: bool) -> None:
    with database.reading() as session:
        view = reading.view(session, make.actor(session, person), "cooperative", make.work(session).today)
        assert (view.contact is not None) == sees
        assert (view.county and view.county.name, view.township and view.township.name) == ("乌拉特中旗", "海流图镇")


def test_another_enterprise_is_not_there(database: Database) -> None:
    with database.reading() as session:
        for wanted in ("rival", "nothing"):
            with pytest.raises(AppError) as caught:
                reading.view(session, make.actor(session, PRODUCER), wanted, make.work(session).today)
            assert (caught.value.kind, caught.value.code) == (Kind.UNKNOWN, "access.unknown")
