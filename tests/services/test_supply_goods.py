"""Goods bought under a supply contract carry its licence up to the weight agreed, and nothing beside it does."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from brand.kernel.errors import Kind
from brand.models.enterprises import Enterprise
from brand.models.licences import Licence
from brand.models.schemes import Product
from brand.rules.product_rules import Stage
from tests import make, make_flows
from tests.make_crops import TREATED
from tests.make_supply import DAY, SIGNED, buy, by, running
from tests.people import CLERK, PRODUCER, RIVAL
from tests.services.test_supply import refusal
from trace.crypto.code_profiles import UnitCode
from trace.crypto.label_codes import ScannedCode
from trace.crypto.readings import Reading
from trace.models.alarms import Alarm
from trace.models.batches import Batch
from trace.models.flows import Operation
from trace.models.imports import SheetKind
from trace.models.labels import Label, SigningKey
from trace.models.supply import SupplyContract, SupplyUse
from trace.queries import completeness, packs, sheets, subjects
from trace.queries import gate as gate_reads
from trace.queries import labels as orders
from trace.queries import supply_goods as goods_reads
from trace.queries.verification import verify
from trace.rules import gate
from trace.rules.completeness import Item
from trace.rules.holds import Handle, Scope
from trace.services import flows, imports, labels, plot_care, supply, supply_goods, undoing
from trace.services.flow_parts import Output, Part

pytestmark = pytest.mark.licensed


@pytest.fixture
def session(database):
    with database.writing() as opened:
        yield opened


def test_from_the_paper_to_goods_that_carry_the_licence(session):
    one = running(session)
    assert (one.state, one.office, one.confirmed_by) == ("running", "150824", CLERK.username)
    batch = buy(session, one.id, kg="400")
    licence = session.exec(select(Licence)).one()
    assert (batch.producer_id, batch.maker_id, batch.licence_id) == ("rival", "cooperative", licence.id)
    assert batch.licensee_id == "cooperative"
    assert one.used_kg == 400
    use = session.exec(select(SupplyUse)).one()
    assert (use.batch_id, use.kg, use.harvested_on) == (batch.id, 400, DAY)
    assert [each.confirmed_on for each in goods_reads.grown(session, [batch.id])] == [SIGNED.date()]


def test_more_than_agreed_is_refused_with_the_figures(session):
    one = running(session, kg=Decimal(500))
    buy(session, one.id, kg="400")
    code = refusal(buy, session, one.id, kg="100.001", lot="C2")
    assert (code.code, code.kind) == ("supply.exceeded", Kind.QUOTA_EXCEEDED)
    assert code.params == {"number": one.number, "agreed": "500", "bought": "400", "left": "100", "asked": "100.001"}


def test_what_is_over_may_be_bought_without_and_then_carries_nothing(session):
    one = running(session, kg=Decimal(500))
    assert refusal(buy, session, "").code == "supply.choose"
    free = buy(session, "none", kg="9000")
    assert (free.licence_id, free.licensee_id, one.used_kg) == (None, "rival", 0)


def test_an_undone_purchase_gives_the_weight_back_once(session):
    one = running(session)
    batch = buy(session, one.id, kg="1000")
    done = session.get_one(Operation, batch.operation_id)
    undoing.undo(by(session, PRODUCER, make.MONDAY), done.id, words="示范：记错")
    assert one.used_kg == 0
    supply_goods.give_back(make.work(session), batch.id)
    assert one.used_kg == 0
    assert buy(session, one.id, kg="1000", lot="C1").licensee_id == "cooperative"


def test_mixtures_of_one_licence_carry_it_and_others_carry_nothing(session):
    one = running(session)
    own = make_flows.leaf(make.work(session), lot="T1")
    contracted = buy(session, one.id, lot="C1")
    free = buy(session, "none", lot="C2")
    mine = by(session, PRODUCER, make.MONDAY)

    def mixed(lot, *parts):
        return flows.merge(mine, "cooperative", [Part(each.id, Decimal(40)) for each in parts], lot, DAY)

    good = mixed("M1", own, contracted)
    assert (good.licence_id, good.producer_id, good.licensee_id) == (one.licence_id, "cooperative", "cooperative")
    assert mixed("M2", contracted, free).licence_id is None
    bad = mixed("M3", own, free)
    assert (bad.licence_id, bad.licensee_id) == (None, "cooperative")
    half = flows.split(mine, "cooperative", contracted.id, [Output("C1-1", Decimal(20))], DAY)[0]
    assert (half.producer_id, half.licence_id, half.licensee_id) == ("rival", one.licence_id, "cooperative")


def test_goods_of_several_plots_say_which_and_a_plots_season_bounds_them(session):
    gardens = [make.a_place(make.work(session), kind="tea_garden", name=f"示范茶园{number}") for number in ("一", "二")]
    for each in gardens:
        each.enterprise_id = "rival"
    session.flush()
    one = running(session, plots=tuple(each.code for each in gardens))
    season = make.a_capacity(make.work(session), declared=Decimal(150))
    season.enterprise_id, season.place_id, season.scope = "rival", gardens[0].id, gardens[0].id
    session.flush()
    assert refusal(buy, session, one.id).code == "supply.plot_needed"
    assert refusal(buy, session, one.id, plot="NOSUCH00").code == "supply.plot"
    buy(session, one.id, plot=gardens[0].code)
    assert refusal(buy, session, one.id, plot=gardens[0].code, lot="C2").code == "capacities.exceeded"
    buy(session, one.id, plot=gardens[1].code, lot="C2")


def test_what_was_put_on_a_contracted_plot_shuts_the_gate_of_what_grew_there(session):
    """As with a harvest of one's own: written down late it is true, and a hold of the plot holds the goods."""
    garden = make.a_place(make.work(session), kind="tea_garden", name="示范茶园")
    garden.enterprise_id = "rival"
    session.flush()
    contract = running(session, plots=(garden.code,))
    batch = buy(session, contract.id)
    plain = buy(session, "none", lot="C2")

    def known(one):
        facts = gate_reads.facts(session, one, make.MONDAY.date())
        told = [each.params for each in gate.reasons(facts, Stage.PACK) if each.code == "gate.safe_interval"]
        return told, Item.PLACE in completeness.there(session, one.id)

    assert (known(batch), known(plain)) == (([], True), ([], False))
    plot_care.record(by(session, RIVAL, make.MONDAY), garden.id, **TREATED)
    assert known(batch)[0] == [{"lot": "C1", "name": "示范农药", "until": "2026-09-12"}]
    assert (known(plain)[0], session.exec(select(Alarm)).one().subject_id) == ([], batch.id)
    place = Handle(Scope.PLACE, garden.id)
    grips = subjects.handles(session, [batch.id, plain.id], ["place"])
    assert [place in grips.get(one.id, ()) for one in (batch, plain)] == [True, False]
    assert [one.id for one in subjects.batches(session, "place", garden.id)] == [batch.id]


def test_one_paper_over_several_goods_is_found_by_the_goods(session):
    one = running(session)
    beef = make.a_product(session, "beef").id
    session.add(SupplyContract(**one.model_dump() | {"id": "other", "product_id": beef, "used_kg": Decimal(0)}))
    session.flush()
    found = [goods_reads.id_of(session, "cooperative", "rival", goods, one.number) for goods in (one.product_id, beef)]
    assert found == [one.id, "other"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"harvested_on": None}, "supply.harvest_needed"),
        ({"harvested_on": date(2026, 9, 13)}, "supply.harvest_after"),
        ({"harvested_on": date(2026, 8, 26)}, "supply.out_of_dates"),  # the day before it was confirmed
        ({"producer_id": "abattoir"}, "supply.not_yours"),
        ({"plot": "NOSUCH00"}, "supply.no_plots"),
    ],
)
def test_a_purchase_outside_the_contract(session, said, code):
    one = running(session)
    assert refusal(buy, session, one.id, **said).code == code
    assert one.used_kg == 0


def test_another_buyer_and_other_goods(session):
    one = running(session)
    assert refusal(buy, session, one.id, buyer="rival", producer_id="cooperative", person=RIVAL).code == (
        "supply.not_yours"
    )
    other = session.exec(select(Product).where(Product.id != one.product_id)).first()
    assert refusal(buy, session, one.id, product_id=other.id).code == "supply.other_goods"
    assert refusal(supply.step, by(session, RIVAL), one.id, "withdraw", version=one.version).kind is Kind.UNKNOWN


def test_a_licence_suspended_licenses_no_purchase(session):
    one = running(session)
    session.get_one(Licence, one.licence_id).valid_until = DAY - timedelta(days=1)
    session.flush()
    assert refusal(buy, session, one.id).code == "supply.licence"


@pytest.mark.packed
def test_labels_of_a_contracted_households_goods_are_the_licence_holders(session, tmp_path):
    """The household is their producer; order, key, name on the label and the page's verdict are the licensee's."""
    batch = make.the_batch(session)
    batch.producer_id = "rival"
    household = session.get_one(Enterprise, "rival")
    household.kind = "household"
    session.flush()
    signer, line = make.a_signer(tmp_path), make.a_pack_line(make.work(session))
    ask = {"pack_line_id": line.id, "packs": 2}
    assert refusal(labels.order, by(session, RIVAL, make.MONDAY), signer, **ask).kind is Kind.UNKNOWN
    order = labels.order(by(session, PRODUCER, make.MONDAY), signer, **ask)
    assert session.get_one(SigningKey, order.kid).enterprise_id == "cooperative"
    label = sheets.words_of(session, order, "https://registry.test.invalid").label(address="/", code="X")
    cooperative = session.get_one(Enterprise, "cooperative").name
    assert cooperative in label.producer
    assert household.name not in str(label)
    code = session.exec(select(Label.serial).where(Label.order_id == order.id)).first()
    typed = Reading(ScannedCode(UnitCode(batch.code, code), None, None), typed=True)
    story = packs.story(session, verify(session, make.ORIGIN, typed, DAY).pack, DAY)
    assert (story.producer.name, story.licensee.name) == ("", cooperative)
    assert refusal(orders.offers, session, make.actor(session, RIVAL), batch.id, DAY).kind is Kind.UNKNOWN
    assert orders.offers(session, make.actor(session, PRODUCER), batch.id, DAY).licensee.id == "cooperative"


def a_sheet(session, *rows):
    goods = session.get_one(Product, session.exec(select(SupplyContract.product_id)).one()).name
    seller = session.get_one(Enterprise, "rival").name
    heads = "批号,出售方,产品,货物形态,重量(kg),收购日期,收购凭证号,农户授权说明,供货合同编号,采收日期"
    lines = [f"C{at},{seller},{goods},其他货物,{row}" for at, row in enumerate(rows)]
    return imports.read(SheetKind.PURCHASES, "purchases.csv", "\n".join([heads, *lines]).encode())


def test_a_sheet_of_purchases_names_its_contracts(session):
    one = running(session, kg=Decimal(100))
    own = by(session, PRODUCER, make.MONDAY)
    wrong = a_sheet(
        session,
        f"60,2026-09-12,P1,签字,{one.number},2026-09-12",
        f"60,2026-09-12,P2,签字,{one.number},2026-09-12",
        "10,2026-09-12,P3,签字,示范合同 9,2026-09-12",
        "10,2026-09-12,P4,签字,,",
        f"10,2026-09-12,P5,签字,{one.number},",
    )
    error = refusal(imports.take_in, own, wrong, "cooperative")
    assert {(each.code, each.row, each.column) for each in error.faults} == {
        ("supply.exceeded", 3, "重量(kg)"),
        ("supply.not_yours", 4, "供货合同编号"),
        ("supply.choose", 5, "供货合同编号"),
        ("supply.harvest_needed", 6, "采收日期"),
    }
    good = a_sheet(session, f"60,2026-09-12,P1,签字,{one.number},2026-09-11", "60,2026-09-12,P2,签字,无,")
    imports.take_in(own, good, "cooperative")
    held = {each.lot: each.licensee_id for each in session.exec(select(Batch))}
    assert (held, one.used_kg) == ({"C0": "cooperative", "C1": "rival"}, 60)
