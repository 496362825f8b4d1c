"""The main pages of the demo county, each as the person who uses it: (name, user name or None, path)."""

from __future__ import annotations

from sqlmodel import Session, col, select

from brand.kernel import clock
from brand.kernel.actors import SYSTEM
from brand.kernel.ids import random_text
from brand.kernel.work import Work
from brand.models.accounts import Account
from brand.models.appeals import Appeal
from brand.models.assets import Asset
from brand.models.complaints import Complaint
from brand.models.endorsements import Endorsement
from brand.models.enterprises import Enterprise
from brand.models.licences import Application, Licence, Notice
from brand.models.offerings import Offering
from brand.models.rulebooks import Rulebook
from brand.models.scheme_changes import SchemeChange
from brand.models.schemes import Product, Scheme
from brand.models.standards import StandardEdition
from brand.services import complaints
from tests.browser.county import County
from trace.cli import demo_tea
from trace.models.batches import Batch
from trace.models.capacities import Capacity
from trace.models.checks import GoodsCheck
from trace.models.commitments import Commitment
from trace.models.containers import Container
from trace.models.flows import FlowProposal
from trace.models.free_tests import FreeTest
from trace.models.labels import LabelOrder, SigningKey
from trace.models.lairage import Lairage
from trace.models.places import Place
from trace.models.quality import LabReport
from trace.models.shipments import Shipment
from trace.models.supply import SupplyContract

Row = tuple[str, str | None, str]


def pages(county: County) -> list[Row]:
    with county.database.reading() as session:
        return [*_public(session, county), *_office(session), *_goods(session), *_crops(session)]


def _public(session: Session, county: County) -> list[Row]:
    licence = session.exec(select(Licence).join(Product).where(Product.code == "lamb")).one()
    notice = session.exec(select(Notice).order_by(Notice.number)).first()
    running = session.exec(select(Notice.number).order_by(Notice.number.desc())).first()  # type: ignore[attr-defined]
    assert notice is not None
    packs = dict(county.told.packs)
    endorsement = session.exec(select(Endorsement)).one()
    offering = session.exec(select(Offering).where(Offering.name_en == "Demo lamb rolls")).one()
    return [
        ("home", None, "/"),
        ("catalogue", None, "/catalogue"),
        ("catalogue-offering", None, f"/catalogue/{offering.id}"),
        ("open-data", None, "/open-data"),
        ("badge", None, f"/register/{licence.number}/badge"),
        ("about", None, "/about"),
        ("transparency", None, "/transparency"),
        ("transparency-desk", "admin", "/transparency/desk"),
        ("complain", None, "/complaints/new?code=7K3M 9Q2X"),
        ("object", None, f"/complaints/new?notice={running}"),
        ("complaint-own", None, _sent(county)),
        ("check", None, "/check"),
        ("join", None, "/join"),
        ("sign-in", None, "/sign-in"),
        ("register", None, "/register"),
        ("register-brands", None, "/register/brands"),
        ("register-brand", None, f"/register/brands/{licence.brand_id}"),
        ("register-enterprises", None, "/register/enterprises"),
        ("register-labels", None, f"/register/{licence.number}/labels"),
        ("register-entry", None, f"/register/{licence.number}"),
        ("enterprise-public", None, f"/register/enterprises/{licence.enterprise_id}"),
        ("endorsement-public", None, f"/endorsements/{endorsement.number}"),
        ("notices", None, "/notices"),
        ("standards", None, "/standards"),
        ("standard", None, "/standards/ny-t-630-2002"),
        ("standard-own", None, "/standards/urad-yr-demo"),
        ("notice", None, f"/notices/{notice.number}"),
        ("scan", None, packs["an activated pack"]),
        ("scan-not-activated", None, packs["a label never put on a pack"]),
        ("scan-void", None, packs["a spoilt label, void"]),
        ("scan-forged", None, packs["a forged signature"]),
        ("gtin-public", None, "/gtin/09521234000013"),
        ("batch-code", None, f"/b/{packs['an activated pack'].split('/')[2]}"),
        ("links", None, "/01/09521234000013?linkType=linkset"),
        ("scan-unknown", None, "/u/7K3M9Q2X/0000000000000000"),
        ("inspector-kit", None, "/inspector/"),
        ("receipts-kept", None, "/receipts/kept/"),
        ("receipts-mine", "producer", "/receipts?since=2026-08-01"),
        ("nothing-here", None, "/nothing-here"),
    ]


def _sent(county: County) -> str:
    """The link of a complaint sent just now."""
    secret = random_text(complaints.SHORTEST_SECRET)
    words = {"kind": "complaint", "what": "标称 0.5 千克，复称 0.46 千克。", "place": "示范超市"}
    with county.database.writing() as session:
        complaints.receive(Work(session, SYSTEM, clock.now(), "test"), secret=secret, **words)
    return f"/complaints/mine/{secret}?sent=yes"


def _office(session: Session) -> list[Row]:
    running = session.exec(select(Application).where(Application.state == "on_notice")).one()
    lamb = select(Application).join(Product).where(Product.code == "lamb")
    granted = session.exec(lamb.where(Application.state == "granted")).one()
    complaint = session.exec(select(Complaint).where(Complaint.kind == "report")).one()
    pending = session.exec(select(Enterprise).where(Enterprise.state == "pending")).one()
    licence = session.exec(select(Licence).join(Product).where(Product.code == "lamb")).one()
    declared = session.exec(select(Asset).where(Asset.state == "declared")).one()
    endorsement = session.exec(select(Endorsement)).one()
    scheme = session.exec(select(Scheme)).one()
    graded = session.exec(select(StandardEdition).where(StandardEdition.label == "2002-12-30")).one()
    waiting = session.exec(select(StandardEdition).where(StandardEdition.state == "submitted")).one()
    change = session.exec(select(SchemeChange).where(SchemeChange.state == "open")).one()
    appeal = session.exec(select(Appeal)).one()
    refused = session.exec(select(Application).where(Application.state == "refused")).one()
    rulebook = session.exec(select(Rulebook)).first()
    assert rulebook is not None
    return [
        ("desk-clerk", "clerk", "/desk"),
        ("desk-approver", "approver", "/desk"),
        ("enterprises", "clerk", "/enterprises"),
        ("enterprise-assets", "clerk", f"/enterprises/{licence.enterprise_id}/assets"),
        ("enterprise-marks", "clerk", f"/enterprises/{licence.enterprise_id}/designations"),
        ("asset", "inspector", f"/assets/{declared.id}"),
        ("endorsements", "approver", "/endorsements"),
        ("endorsement", "approver", f"/endorsements/{endorsement.number}"),
        ("endorsement-new", "clerk", "/endorsements/new"),
        ("merge-new", "clerk", f"/enterprises/{pending.id}/merge"),
        ("enterprise-own", "producer", f"/enterprises/{licence.enterprise_id}"),
        ("enterprise-people", "producer", f"/enterprises/{licence.enterprise_id}/people"),
        ("enterprise-consents", "producer", f"/enterprises/{licence.enterprise_id}/consents"),
        ("gtins", "producer", f"/enterprises/{licence.enterprise_id}/gtins"),
        ("gtins-office", "clerk", f"/enterprises/{licence.enterprise_id}/gtins"),
        ("asset-new", "producer", f"/enterprises/{licence.enterprise_id}/assets/new"),
        ("acting", "station", "/acting"),
        ("enterprise", "clerk", f"/enterprises/{pending.id}"),
        ("schemes", "clerk", "/schemes"),
        ("scheme", "clerk", f"/schemes/{scheme.id}"),
        ("calendar", "admin", "/calendar"),
        ("scheme-admin", "admin", f"/schemes/{scheme.id}"),
        ("scheme-tables", "clerk", f"/schemes/{scheme.id}/tables"),
        ("scheme-edition", "auditor", f"/schemes/{scheme.id}/editions/1"),
        ("scheme-change", "approver", f"/schemes/changes/{change.id}"),
        ("scheme-propose-value", "clerk", f"/schemes/{scheme.id}/policies/licence_term_years"),
        ("scheme-propose-tier", "clerk", f"/schemes/{scheme.id}/tiers/2"),
        ("scheme-new-product", "clerk", f"/schemes/brands/{licence.brand_id}/products/new"),
        ("scheme-hero", "clerk", f"/schemes/products/{licence.product_id}/hero"),
        ("brand", "clerk", f"/brands/{licence.brand_id}"),
        ("brand-decides", "approver", f"/brands/{licence.brand_id}"),
        ("brand-licensee", "producer", f"/brands/{licence.brand_id}"),
        ("applications", "clerk", "/applications"),
        ("application", "clerk", f"/applications/{running.id}"),
        ("application-granted", "approver", f"/applications/{granted.id}"),
        ("application-refused", "neighbour", f"/applications/{refused.id}"),
        ("appeals", "auditor", "/appeals"),
        ("appeal", "neighbour", f"/appeals/{appeal.id}"),
        ("appeal-answer", "deputy", f"/appeals/{appeal.id}"),
        ("complaints", "clerk", "/complaints"),
        ("complaint", "inspector", f"/complaints/{complaint.id}"),
        ("complaint-answer", "inspector", f"/complaints/{complaint.id}/answer"),
        ("complaint-erase", "clerk", f"/complaints/{complaint.id}/erase"),
        ("licences", "approver", "/licences"),
        ("licence", "approver", f"/licences/{licence.number}"),
        ("field-findings", "inspector", "/field-findings"),
        ("field-devices", "inspector", "/field-devices"),
        ("field-device-new", "inspector", "/field-devices/new"),
        ("inspections", "approver", f"/licences/{licence.number}/inspections"),
        ("inspection-new", "inspector", f"/licences/{licence.number}/inspections/new"),
        ("guidance", "clerk", f"/enterprises/{licence.enterprise_id}/guidance"),
        ("rulebooks", "clerk", "/rulebooks"),
        ("rulebook", None, f"/rulebooks/{rulebook.id}"),
        ("standard-drafts", "clerk", "/standard-drafts"),
        ("standard-draft", "approver", f"/standard-drafts/{waiting.id}"),
        ("standard-words", "clerk", f"/standard-drafts/{waiting.id}/words"),
        (
            "standard-try",
            "clerk",
            f"/standard-drafts/{graded.id}/try?carcass_class=mutton&carcass_kg=28&backfat_cm=0.4",
        ),
        ("adoptions", "neighbour", "/adoptions"),
        ("trainings", "clerk", "/trainings"),
        ("people", "admin", "/accounts"),
        ("people-erase", "admin", f"/accounts/{session.exec(select(Account.id)).first()}/erase"),
        ("keys", "admin", "/keys"),
        ("key", "admin", f"/keys/label/{session.exec(select(SigningKey.kid)).first()}"),
        ("account", "approver", "/account"),
        ("audit", "auditor", "/audit"),
    ]


def _goods(session: Session) -> list[Row]:
    batch = session.exec(select(Batch).where(Batch.lot == "20260912A")).one()
    order = session.exec(select(LabelOrder).where(LabelOrder.batch_id == batch.id)).one()
    lot = session.exec(select(Lairage).where(Lairage.lot == "20260915A")).one()
    report = session.exec(select(LabReport).where(LabReport.batch_id == batch.id)).one()
    look = session.exec(select(GoodsCheck)).one()
    asked = session.exec(select(FreeTest)).one()
    pasture = session.exec(select(Place).where(Place.name_en == "Demo summer pasture")).one()
    waiting = session.exec(select(Place).where(Place.name_en == "Demo river pasture")).one()
    season = session.exec(select(Capacity)).one()
    contract = session.exec(select(SupplyContract)).one()
    pallet = session.exec(select(Container).where(Container.kind == "pallet")).one()
    case = session.exec(select(Container).where(Container.parent_id == pallet.id)).first()
    alone = session.exec(select(Container).where(Container.kind == "case", col(Container.parent_id).is_(None))).one()
    way = session.exec(select(Shipment)).one()
    assert case is not None
    offering = session.exec(select(Offering).where(Offering.name_en == "Demo lamb rolls")).one()
    return [
        ("sheets", "producer", "/sheets"),
        ("sheet-herds", "producer", f"/enterprises/{pasture.enterprise_id}/sheets/herds"),
        ("sheet-outlines", "producer", f"/enterprises/{pasture.enterprise_id}/sheets/outlines"),
        ("offerings", "producer", "/offerings"),
        ("offering", "producer", f"/offerings/{offering.id}"),
        ("offering-edit", "producer", f"/offerings/{offering.id}/edit"),
        ("places", "clerk", "/places"),
        ("place", "producer", f"/places/{pasture.id}"),
        ("place-to-confirm", "inspector", f"/places/{waiting.id}"),
        ("place-new", "producer", f"/enterprises/{pasture.enterprise_id}/places/new"),
        ("place-outline", "producer", f"/places/{pasture.id}/outline"),
        ("place-public", None, f"/f/{pasture.code}"),
        ("capacities", "producer", f"/enterprises/{pasture.enterprise_id}/capacities"),
        ("capacity", "clerk", f"/capacities/{season.id}"),
        ("capacity-new", "producer", f"/enterprises/{pasture.enterprise_id}/capacities/new"),
        ("supply", "producer", f"/enterprises/{pasture.enterprise_id}/supply"),
        ("supply-contract", "township", f"/supply/{contract.id}"),
        ("supply-new", "producer", f"/enterprises/{pasture.enterprise_id}/supply/new"),
        ("desk-producer", "producer", "/desk"),
        ("desk-station", "station", "/desk"),
        ("apply", "producer", "/applications/new"),
        ("apply-brand", "producer", "/applications/new/brand"),
        ("desk-abattoir", "abattoir", "/desk"),
        ("batches", "abattoir", "/batches"),
        ("batch-upload", "abattoir", "/batches/import"),
        ("batch", "abattoir", f"/batches/{batch.id}"),
        ("batch-genealogy", "producer", f"/batches/{batch.id}/genealogy"),
        ("genealogy", "clerk", "/genealogy"),
        ("batch-grading", "abattoir", f"/batches/{batch.id}/grading"),
        ("batch-ph", "abattoir", f"/batches/{batch.id}/ph"),
        ("lairages", "abattoir", "/lairage"),
        ("lairage-new", "abattoir", f"/enterprises/{lot.abattoir_id}/lairage/new"),
        ("lairage", "abattoir", f"/lairage/{lot.id}"),
        ("batch-tests", "abattoir", f"/batches/{batch.id}/tests"),
        ("test-new", "abattoir", f"/batches/{batch.id}/tests/new/laboratory"),
        ("test-rapid", "abattoir", f"/batches/{batch.id}/tests/new/rapid"),
        ("tests", "inspector", "/tests"),
        ("test", "inspector", f"/tests/{report.id}"),
        ("test-confirm", "inspector", f"/tests/{report.id}/steps/confirm"),
        ("limits", "approver", "/limits?kind=lamb"),
        ("limit-new", "clerk", "/limits/new"),
        ("sample-new", "inspector", f"/batches/{batch.id}/samples/new"),
        ("check-new", "inspector", f"/batches/{batch.id}/checks/new/goods"),
        ("check", "abattoir", f"/checks/{look.id}"),
        ("free-tests", "clerk", "/free-tests"),
        ("free-test", "clerk", f"/free-tests/{asked.id}"),
        ("free-test-new", "producer", f"/batches/{batch.id}/free-tests/new"),
        ("free-test-programme", "clerk", "/free-tests/programmes/new"),
        ("containers", "abattoir", "/containers"),
        ("container", "abattoir", f"/containers/{alone.code}"),
        ("container-pallet", "abattoir", f"/containers/{pallet.code}"),
        ("container-genealogy", "abattoir", f"/containers/{pallet.code}/genealogy"),
        ("container-case-new", "abattoir", "/containers/new-case"),
        ("container-pallet-new", "abattoir", "/containers/new-pallet"),
        ("container-public", None, f"/c/{case.code}"),
        ("container-unknown", None, "/c/7K3M9Q2X"),
        ("shipments", "abattoir", "/shipments"),
        ("shipment-receive", "producer", f"/shipments/{way.number}"),
        ("labels", "producer", "/labels"),
        ("labels-new", "producer", f"/labels/new?batch={batch.id}"),
        ("label-order", "producer", f"/labels/{order.id}"),
        ("label-stops", "clerk", "/labels/stops"),
        ("label-print", "producer", f"/labels/{order.id}/print"),
        ("batch-tags", "producer", f"/batches/{batch.id}/tags"),
        ("container-tags", "abattoir", f"/containers/{alone.code}/tags"),
        ("labels-sold", "producer", "/labels/sold"),
        ("label-area", "producer", f"/labels/{order.id}/area"),
        ("scan-alarms", "clerk", "/scan-alarms"),
    ]


def _crops(session: Session) -> list[Row]:
    """The tea garden, and honey that was never tested."""
    garden = session.exec(select(Place).where(Place.kind == "tea_garden")).one()
    leaf = session.exec(select(Batch).where(Batch.lot == demo_tea.LEAF)).one()
    tea = session.exec(select(Batch).where(Batch.lot == demo_tea.TEA)).one()
    honey = session.exec(select(Batch).where(Batch.form == "honey")).one()
    unusual = session.exec(select(FlowProposal)).one()
    promise = session.exec(select(Commitment).where(Commitment.batch_id == leaf.id)).one()
    return [
        ("tea-garden", "producer", f"/places/{garden.id}"),
        ("plot-care", "producer", f"/places/{garden.id}/care"),
        ("plot-care-new", "producer", f"/places/{garden.id}/care/new"),
        ("batch-begin", "producer", f"/batches/new?for={garden.enterprise_id}"),
        ("leaf", "producer", f"/batches/{leaf.id}"),
        ("process", "producer", f"/batches/{leaf.id}/process"),
        ("tea", "producer", f"/batches/{tea.id}"),
        ("honey", "grower", f"/batches/{honey.id}"),
        ("honey-labels", "grower", f"/labels/new?batch={honey.id}"),
        ("honey-public", None, f"/b/{honey.code}"),
        ("yields", "inspector", "/flows"),
        ("yield", "inspector", f"/flows/{unusual.id}"),
        ("purchases", "producer", "/purchases"),
        ("commitments", "producer", "/commitments"),
        ("commitment", "producer", f"/commitments/{promise.number}"),
        ("commitment-new", "producer", f"/batches/{tea.id}/commitments/new"),
        ("commitment-public", None, f"/q/{promise.code}"),
    ]
