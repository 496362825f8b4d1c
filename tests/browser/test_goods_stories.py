"""Four stories of goods, driven in Chromium by their people: lambs to shop, tea to packet, a case, drill and recall.

They share one county; each takes goods of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser import case_story as case
from tests.browser import lamb_story as lamb
from tests.browser import recall_story as recall
from tests.browser import tea_story as tea
from tests.browser.chromium import browsing, dropped, needs_chromium
from tests.browser.goods import told
from tests.browser.teller import Teller, at

pytestmark = [needs_chromium, dropped]


@pytest.fixture(scope="module")
def teller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Teller]:
    with told(tmp_path_factory.mktemp("goods")) as county, browsing() as browser:
        yield Teller(county, browser, signed_in=True)


@pytest.fixture(autouse=True)
def no_complaints(teller: Teller) -> Iterator[None]:
    """Neither the console nor the content policy complained in any window of the story."""
    yield
    said, teller.complaints = teller.complaints, []
    assert said == []


def test_a_lamb_from_ear_tag_to_shop(teller: Teller) -> None:
    with at("2026-10-13 10:00"):
        lamb.keeper_writes_the_herd_down(teller)
    with at("2026-10-20 10:00"):
        lamb.keeper_asks_too_early(teller)
    with at("2026-10-29 04:30"):
        lamb.keeper_declares_the_paper(teller)
        lamb.abattoir_announces(teller)
    with at("2026-10-29 05:20"):
        lamb.abattoir_reads_tags_and_examines(teller)
    with at("2026-10-29 14:00"):
        lamb.abattoir_registers_carcasses(teller)
    with at("2026-10-30 15:00"):
        lamb.abattoir_chills(teller)
        lamb.second_hand_grades(teller)
    with at("2026-10-31 17:00"):
        lamb.abattoir_tests_and_packs(teller)
    with at("2026-11-01 09:00"):
        address = lamb.keeper_labels(teller)
    with at("2026-11-02 08:00"):
        lamb.abattoir_ships_and_shop_receives(teller)
    with at("2026-11-03 18:00"):
        lamb.consumer_reads(teller, address)


def test_a_tea_lot_from_garden_to_packet(teller: Teller) -> None:
    with at("2026-10-13 10:00"):
        tea.keeper_declares_the_garden(teller)
    with at("2026-10-14 18:00"):
        tea.keeper_sprays(teller)
    with at("2026-10-18 10:00"):
        tea.keeper_picks_too_early(teller)
    with at("2026-10-23 16:00"):
        tea.keeper_picks(teller)
        certificate = tea.keeper_promises(teller)
    with at("2026-10-24 18:00"):
        tea.keeper_makes_tea(teller)
    with at("2026-10-25 10:00"):
        tea.keeper_tests(teller)
    with at("2026-10-26 10:00"):
        address = tea.keeper_packs_and_labels(teller)
    with at("2026-11-03 18:00"):
        tea.consumer_reads(teller, address, certificate)


def test_a_case_from_the_abattoir_to_the_shop_that_opens_it(teller: Teller) -> None:
    with at("2026-11-05 08:00"):
        code = case.abattoir_packs_and_sends(teller)
        case.public_reads(teller, code, "此箱登记为已封")
    with at("2026-11-06 08:00"):
        case.shop_receives_and_opens(teller, code)
        case.public_reads(teller, code, "此箱已经拆开")
        case.parcels_are_counted(teller)


def test_a_drill_leaves_no_trace_and_a_recall_turns_the_page_red(teller: Teller) -> None:
    recall.drill(teller)
    recall.in_earnest(teller)
