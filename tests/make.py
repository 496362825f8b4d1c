"""Makes the smallest valid thing of each kind, through the services wherever they exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image
from sqlmodel import Session, col, select

from brand.kernel import audit, public_acts, uploads
from brand.kernel.actors import SYSTEM, Actor
from brand.kernel.delimited import write_csv
from brand.kernel.ids import new_id
from brand.kernel.work import Work
from brand.models.accounts import Account, Person, RoleGrant
from brand.models.complaints import Complaint
from brand.models.enterprises import Enterprise, EnterpriseKind, EnterpriseState
from brand.models.licences import Application, Licence
from brand.models.members import Consent
from brand.models.offerings import Offering
from brand.models.schemes import Brand, Product, Scheme
from brand.rules.materials import ENDING, MaterialKind
from brand.rules.members import AGENT_CHOICES
from brand.rules.reviews import ACTIONS, sheets
from tests.people import ABATTOIR, APPROVER, CAST, CLERK, INSPECTOR, PRODUCER, RIVAL, STATION, PersonOfTheCast
from trace.crypto.label_codes import fresh_batch_code
from trace.crypto.sealed_keys import WEAKEST
from trace.formats.carcass_export import carcass_rows
from trace.formats.carcass_sheet import CarcassRow, read_carcasses
from trace.formats.geojson import Outline, outline_of
from trace.models.batches import Batch, Flow, PackLine
from trace.models.capacities import Capacity
from trace.models.events import Event
from trace.models.gtins import TradeItem
from trace.models.imports import SheetKind
from trace.models.labels import LabelOrder
from trace.models.places import Place
from trace.parts import statement_signer
from trace.services import gtins, imports
from trace.services.batches import Plan
from trace.services.signer import KeyFiles, LabelSigner
from trace.services.statement_keys import OfficeSigner

#: The moment most tests happen at: an ordinary Monday morning in China.
MONDAY = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
#: When the scheme of the ready database was loaded: before anything a test asks of it.
LONG_AGO = datetime(2019, 1, 7, 1, 0, tzinfo=UTC)

#: What applications of the tests ask for; the tier of industry brands allows each.
USES = ["packaging", "live_stream", "publicity"]

#: The telephone of whoever complains; no enterprise may ever read it.
SENDER_PHONE = "13712345678"

#: The files of one slaughter day, and those that follow the carcasses in the order of the day.
DEMO_DAY = Path(__file__).resolve().parents[1] / "trace" / "demo" / "urad-lamb"
DAY_SHEETS = {
    SheetKind.CHILLING: "cold-room.csv",
    SheetKind.LAB_REPORT: "lab-report.csv",
    SheetKind.PACKING: "packing.csv",
}

#: Credit codes with right check digits, for invented enterprises (region 150824).
CREDIT_CODES = {
    "cooperative": "93150824111111117C",
    "abattoir": "911508242222222232",
    "rival": "9315082433333333X8",
    "rival_abattoir": "911508244444444463",
    "laboratory": "91150824777777777R",
}
_ENTERPRISES = {
    "cooperative": (EnterpriseKind.COOPERATIVE, "乌拉特中旗示范养羊专业合作社", "Demo Sheep Cooperative"),
    "abattoir": (EnterpriseKind.ABATTOIR, "乌拉特中旗示范肉业有限公司", "Demo Meat Company"),
    "rival": (EnterpriseKind.COOPERATIVE, "乌拉特中旗示范邻社", "Demo Neighbour Cooperative"),
    "rival_abattoir": (EnterpriseKind.ABATTOIR, "乌拉特中旗示范邻厂", "Demo Neighbour Abattoir"),
    "laboratory": (EnterpriseKind.LABORATORY, "示范检测中心", "Demo Testing Centre"),
}


def work(session: Session, actor: Actor = SYSTEM, now: datetime = MONDAY) -> Work:
    return Work(session, actor, now, "test")


def public_act(session: Session, action: str, licence_id: str, **said: Any) -> str:
    """An act on a licence as far as the log can tell: it says every figure it has to, if only an empty one; its id."""
    detail = dict.fromkeys(public_acts.PUBLIC[action].facts, "") | said
    return audit.record(work(session), action, "licence", licence_id, **detail)


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
        joins(session, person)
    session.add(
        Consent(
            id="station",
            enterprise_id="cooperative",
            account_id=STATION.username,
            scope=list(AGENT_CHOICES),
            valid_from=date(2026, 1, 1),
            until=date(2099, 12, 31),
            given_by=PRODUCER.name,
            recorded_by=PRODUCER.username,
            recorded_at=MONDAY,
        )
    )
    session.flush()


def joins(session: Session, person: PersonOfTheCast) -> None:
    """Somebody with an account and the role; ids are the user name."""
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
    session.add(_grant(person))
    session.flush()


def _grant(person: PersonOfTheCast) -> RoleGrant:
    where = {"enterprise_id": person.enterprise, "township_code": person.township}
    return RoleGrant(account_id=person.username, role=person.role.value, **where)


def actor(session: Session, person: PersonOfTheCast, now: datetime = MONDAY) -> Actor:
    from brand.queries import accounts

    account = session.exec(select(Account).where(Account.username == person.username)).one()
    return accounts.actor_of_account(session, account, now)


def a_scheme(work: Work) -> Scheme:
    """The shipped scheme of Urad Middle Banner, and with it the work calendar; it is loaded where it is not yet."""
    from brand.schemas import presets
    from brand.services import schemes

    found = work.session.exec(select(Scheme).where(Scheme.code == "urad-1-3-10")).first()
    if found is not None:
        return found
    return schemes.load_preset(work, presets.read_shipped("urad-1-3-10"))


def a_brand(work: Work, tier_id: str, code: str = "own", **entries: Any) -> Brand:
    """One more brand in a tier, as an agreed change puts it there."""
    from brand.services import brands

    return brands.add(work, tier_id, {"code": code, "name": "示范", "name_en": "", "source": "示范文件第1行"} | entries)


def a_product(session: Session, code: str = "lamb") -> Product:
    return session.exec(select(Product).where(Product.code == code)).one()


def an_application(
    work: Work, *, enterprise_id: str = "cooperative", cap_kg: Decimal = Decimal(30000), product: str = "lamb"
) -> Application:
    """A draft by the cooperative's clerk (or its neighbour's) for a product; loads the scheme where there is none."""
    from brand.services import applications

    if work.session.exec(select(Scheme)).first() is None:
        a_scheme(Work(work.session, SYSTEM, work.now, "test"))
    writer = actor(work.session, RIVAL if enterprise_id == "rival" else PRODUCER)
    writing = Work(work.session, writer, work.now, "test")
    application = applications.draft(
        writing,
        enterprise_id=enterprise_id,
        product_id=a_product(work.session, product).id,
        cap_kg=cap_kg,
        uses=USES,
        capacity="川井苏木，存栏示范羊 1200 只",
        promise=True,
    )
    papers(writing, application)
    return application


def a_paper(words: str = "示范材料") -> uploads.Upload:
    """A small PDF with these words somewhere in it."""
    return uploads.take(f"{words}.pdf", f"%PDF-1.4\n% {words}\n%%EOF\n".encode(), most=10_000)


def papers(work: Work, application: Application) -> None:
    """Every kind of paper, by the one who writes the application."""
    from brand.services import materials

    for kind in MaterialKind:
        until = date(2035, 12, 31) if kind in ENDING else None
        materials.add(work, application.id, kind=kind.value, upload=a_paper(f"示范{kind}"), valid_until=until)


def record(work: Work, application: Application, action: str, person: PersonOfTheCast, opinion: str = "pass") -> None:
    """One record of the office by that person, with full points."""
    from brand.services import reviews

    sheet = sheets().get(ACTIONS[action])
    doing = Work(work.session, actor(work.session, person), work.now, "test")
    reviews.record(
        doing,
        application.id,
        action,
        version=application.version,
        held_on=work.today,
        opinion=opinion,
        comment="示范记录",
        scores={one.code: one.most for one in sheet.items} if sheet else {},
    )


def reviewed(work: Work, application: Application) -> None:
    """The records the shipped policy asks for: the clerk's desk review, the inspector's visit."""
    record(work, application, "review_desk", CLERK)
    record(work, application, "inspect_site", INSPECTOR)


def read(session: Session, application: Application) -> str:
    """The digest of what a person who reads the application now has before their eyes."""
    from brand.queries import application_digests

    return application_digests.now(session, application, seen=True)


def step(work: Work, application: Application, action: str, person: PersonOfTheCast, **words: str) -> Application:
    """One step by that person, with version and content as they stand."""
    from brand.services import applications

    doing = Work(work.session, actor(work.session, person), work.now, "test")
    if action == "grant":
        words["digest"] = words.get("digest") or read(work.session, application)
    return applications.step(doing, application.id, action, version=application.version, **words)


def on_notice(work: Work, **options: Any) -> Application:
    """An application whose notice was published at the moment of this work."""
    application = an_application(work, **options)
    writer = RIVAL if application.enterprise_id == "rival" else PRODUCER
    step(work, application, "submit", writer)
    step(work, application, "start_review", CLERK)
    reviewed(work, application)
    return step(work, application, "publish_notice", CLERK)


def a_licence(work: Work, *, granted_at: datetime = MONDAY - timedelta(days=21), **options: Any) -> Licence:
    """A licence for lamb, valid from the day of ``granted_at``, through every step with two persons and its notice.

    Options: ``enterprise_id`` ("cooperative" or "rival"), ``cap_kg`` (per calendar year) and ``product``. The
    cooperative's usual one is not granted again where the test is marked ``licensed``.
    """
    usual = granted_at == MONDAY - timedelta(days=21) and not options
    held = select(Licence).where(Licence.enterprise_id == "cooperative")
    if usual and (found := work.session.exec(held).first()) is not None:
        return found
    application = on_notice(Work(work.session, SYSTEM, granted_at - timedelta(days=20), "test"), **options)
    step(Work(work.session, SYSTEM, granted_at, "test"), application, "grant", APPROVER)
    return work.session.exec(select(Licence).where(Licence.application_id == application.id)).one()


def sample(name: str) -> bytes:
    """A file of the demo day, e.g. ``carcasses.xlsx``."""
    return (DEMO_DAY / name).read_bytes()


def a_batch(work: Work, *, lot: str = "20260912A", producer_id: str = "cooperative") -> Batch:
    """The demo day's batch by the abattoir's clerk, from its sheet; gives the producer a licence if it has none.

    2,917.29 kg cold, slaughtered on 2026-09-12; not recorded again where the test is marked ``slaughtered``.
    """
    found = work.session.exec(select(Batch).where(Batch.lot == lot, Batch.producer_id == producer_id)).first()
    if found is not None:
        return found
    held = work.session.exec(select(Licence).where(Licence.enterprise_id == producer_id)).first()
    if held is None:
        a_licence(work, enterprise_id=producer_id)
    upload = imports.read(SheetKind.CARCASSES, "carcasses.xlsx", sample("carcasses.xlsx"))
    plan = Plan("abattoir", producer_id, a_product(work.session).id, lot)
    return imports.take(by_abattoir(work), upload, plan)


def a_packed_batch(work: Work) -> Batch:
    """The demo day's batch chilled, its breach answered, tested and packed: six pack lines, 2,485.5 kg."""
    batch = a_batch(work)
    for kind, name in DAY_SHEETS.items():
        imports.take(by_abattoir(work), imports.read(kind, name, sample(name)), batch.id)
        answer_breaches(work, batch)
    return batch


def answer_breaches(work: Work, batch: Batch) -> None:
    """The abattoir says why its chillings left their limits, so that the release gate opens."""
    from trace.services import events

    answered = select(Event.corrects_id).where(Event.kind == "answer")
    mine = select(Event).where(Event.batch_id == batch.id, Event.kind == "chilling", col(Event.id).not_in(answered))
    for one in work.session.exec(mine).all():
        work.session.refresh(batch)
        if one.data["breaches"]:
            said = {"cause": "转运时库门未关。", "measure": "复测合格后放行。"}
            events.answer(by_abattoir(work), one.id, version=batch.version, **said)


def chilled(work: Work, batch: Batch) -> None:
    """A short chilling within its limits, so that the batch may be packed."""
    data = "时间,库温(℃),胴体中心温度(℃)\n2026-09-12 18:00,2.0,8.0\n2026-09-12 18:05,2.0,7.0\n".encode()
    imports.take(by_abattoir(work), imports.read(SheetKind.CHILLING, "sound.csv", data), batch.id)


def a_breach(work: Work, batch: Batch) -> None:
    """A second logger file with one breach, which nobody has answered for."""
    rooms = enumerate(("2.0", "6.7", "2.0"))
    lines = ["时间,库温(℃),胴体中心温度(℃)", *(f"2026-09-13 12:{5 * at:02},{room},3.0" for at, room in rooms)]
    data = "\n".join(lines).encode()
    imports.take(by_abattoir(work), imports.read(SheetKind.CHILLING, "late.csv", data), batch.id)


def carcass_lines(count: int, *, skip: int = 0, **changes: Any) -> list[CarcassRow]:
    """Some carcasses of the demo day, ``changes`` made to each."""
    lines = read_carcasses(sample("carcasses.xlsx"), "carcasses.xlsx").rows[skip : skip + count]
    return [replace(line, **changes) for line in lines]


def a_small_sheet(lines: Sequence[CarcassRow]) -> imports.Upload:
    """A carcass sheet of a few lines, as a door would have read it."""
    data = write_csv(carcass_rows([(line, ()) for line in lines], (), staff=True))
    return imports.read(SheetKind.CARCASSES, "few.csv", data)


def a_batch_from(session: Session, sources: dict[str, str], *, lot: str, holder_id: str, kg: str) -> Batch:
    """A batch of ``holder_id`` made from so many kg of each source by its id, as a transformation leaves it behind."""
    pattern = session.exec(select(Batch)).first()
    assert pattern is not None
    given = {"id": new_id(), "code": fresh_batch_code(), "lot": lot, "kind": "made", "quantity": Decimal(kg)}
    parties = dict.fromkeys(("maker_id", "holder_id", "producer_id", "licensee_id"), holder_id)
    weight = {"total_kg": Decimal(kg), "used_kg": Decimal(0)}
    made = Batch(**pattern.model_dump() | given | parties | weight)
    session.add(made)
    session.flush()
    said = session.exec(select(Event)).first()
    assert said is not None
    told = {"id": new_id(), "subject": "batch", "subject_id": made.id, "batch_id": made.id, "kind": "receiving"}
    event = Event(**said.model_dump() | told | {"event_time": MONDAY, "record_time": MONDAY, "data": {}})
    session.add(event)
    session.flush()
    for source, taken in sources.items():
        session.get_one(Batch, source).used_kg += Decimal(taken)
        session.add(Flow(input_id=source, output_id=made.id, kg=Decimal(taken), event_id=event.id))
    session.flush()
    return made


def by_abattoir(work: Work) -> Work:
    """The same transaction and moment, with the abattoir's clerk acting."""
    return Work(work.session, actor(work.session, ABATTOIR), work.now, "test")


#: A passphrase of the tests; their keys lie in memory folders and sign for ``registry.test.invalid``.
PASSPHRASE = "示范口令示范口令示范口令"
ORIGIN = "registry.test.invalid/log"


def a_signer(folder: Path) -> LabelSigner:
    """A signer with the weakest lock, so that a test does not wait for it."""
    return LabelSigner(KeyFiles(folder / new_id(), PASSPHRASE, cost=WEAKEST), ORIGIN)


#: Where the office's keys of the tests lie while they run.
_OFFICE_KEYS = TemporaryDirectory(prefix="brandtrace-office-")


def an_office_signer() -> OfficeSigner:
    """The office's own keys, the cheapest to open."""
    return statement_signer(a_signer(Path(_OFFICE_KEYS.name)))


def a_pack_line(work: Work, cut: str = "法式羊肋脊排") -> PackLine:
    """A line of the packed batch, which is made when there is none: 396 packs of 0.5 kg for this cut."""
    batch = work.session.exec(select(Batch)).first() or a_packed_batch(work)
    return work.session.exec(select(PackLine).where(PackLine.batch_id == batch.id, PackLine.cut == cut)).one()


def an_order(
    work: Work, signer: LabelSigner, *, packs: int = 30, activated: bool = True, released: bool = True
) -> LabelOrder:
    """Labels for the first pack line, ordered by the cooperative's clerk; printed there and put on packs."""
    from trace.services import labels

    line = a_pack_line(work)
    doing = Work(work.session, actor(work.session, PRODUCER), work.now, "test")
    made = labels.order(doing, signer, pack_line_id=line.id, packs=packs)
    if released:
        a_release(doing, made)
    if activated:
        labels.activate(doing, made.id, first=1, last=packs)
    return made


def a_release(work: Work, order: LabelOrder) -> None:
    """The producer prints the order itself."""
    from trace.services import label_releases

    label_releases.release(work, order.id, printer="own", version=order.version)


def in_a_head(session: Session, signer: LabelSigner) -> None:
    """Everything that waits for a place in the log gets one, under a head signed with a key of the tests."""
    from trace.services import log
    from trace.services.log_signer import LogSigner

    doing, head_signer = work(session), LogSigner(signer.keeper)
    log.ensure_key(doing, head_signer)
    session.flush()
    while log.integrate(doing) == log.AT_ONCE:
        pass
    log.sign(doing, head_signer, ORIGIN)


#: A right credit code nobody of the cast holds.
NEW_CREDIT_CODE = "93150824555555552C"


def a_joined_enterprise(work: Work, **entries: Any) -> Enterprise:
    """A cooperative that has just joined and waits for the office; its first user is «newcomer»."""
    from brand.services import enterprises

    usual = {
        "kind": "cooperative",
        "name": "乌拉特中旗示范新社",
        "credit_code": NEW_CREDIT_CODE,
        "county_code": "150824",
        "township_code": "150824203",
        "contact_name": "示范新联系人",
        "contact_phone": "13900000001",
        "username": "newcomer",
        "password": "示范密码一二三四五六",
    }
    return enterprises.join(work, **usual | entries)


def a_complaint(work: Work, *, kind: str = "complaint", secret: str = "S" * 32, **options: Any) -> Complaint:
    """What somebody in the street sends; a phone number goes along that no enterprise may ever read."""
    from brand.services import complaints

    usual = {"what": "包装写一千克，称重八百克", "place": "示范超市", "name": "示范投诉人", "contact": SENDER_PHONE}
    return complaints.receive(work, secret=secret, kind=kind, **usual | options)


def complaint_step(work: Work, complaint: Complaint, action: str, person: PersonOfTheCast, **words: str) -> Complaint:
    """One step of the office by that person, with the version as it stands."""
    from brand.services import complaints

    doing = Work(work.session, actor(work.session, person), work.now, "test")
    return complaints.step(doing, complaint.id, action, version=complaint.version, **words)


#: A certificate as an enterprise declares it.
AN_ASSET: dict[str, Any] = {
    "kind": "organic",
    "number": "12345678901234567",
    "title": "有机产品认证证书（示范）",
    "issuer": "示范认证机构",
    "valid_until": date(2027, 6, 30),
}


def a_picture() -> bytes:
    """A small PNG as a telephone might send it."""
    written = BytesIO()
    Image.new("RGB", (40, 30), "green").save(written, "PNG")
    return written.getvalue()


#: An endorsement of a batch as the office writes it.
AN_ENDORSEMENT: dict[str, Any] = {
    "kind": "batch",
    "batch_code": "7K3M9Q2X",
    "authority": "乌拉特中旗人民政府（示范）",
    "scope": "现场查看与检测报告（示范）",
    "statement": "本批次经现场查看，检测报告合格。（示范）",
    "valid_from": date(2026, 9, 14),
    "valid_until": date(2027, 9, 13),
}


def offering_entries(session: Session, **changes: Any) -> dict[str, Any]:
    """Goods with all the catalogue asks for."""
    usual: dict[str, Any] = {
        "product_id": a_product(session).id,
        "name": "示范草原羊肉卷",
        "name_en": "Demo lamb rolls",
        "name_mn": "",
        "origin": "乌拉特中旗川井苏木（示范）",
        "production_date": "见包装封口处",
        "standard": "NY/T 630-2002",
        "specification": "",
        "packaging": "真空袋",
        "net_contents": "500 g",
        "storage": "−18 ℃ 以下",
        "after_sales": "示范售后",
        "certificates": [],
    }
    return usual | changes


def an_offering(work: Work, **changes: Any) -> Offering:
    """A draft of the cooperative's for lamb; loads the scheme where there is none."""
    from brand.services import offerings

    if work.session.exec(select(Scheme)).first() is None:
        a_scheme(Work(work.session, SYSTEM, work.now, "test"))
    writing = Work(work.session, actor(work.session, PRODUCER), work.now, "test")
    return offerings.write(writing, "cooperative", **offering_entries(work.session, **changes))


def place_entries(**changes: Any) -> dict[str, Any]:
    """A pasture as its enterprise declares it."""
    usual: dict[str, Any] = {
        "kind": "pasture",
        "name": "示范草场",
        "name_en": "Demo pasture",
        "name_mn": "",
        "county_code": "150824",
        "township_code": "150824201",
        "declared_mu": Decimal(24000),
        "site_id": None,
        "opened_on": date(2020, 1, 1),
    }
    return usual | changes


def a_place(work: Work, **changes: Any) -> Place:
    """A pasture of the cooperative's, declared by its clerk."""
    from trace.services import places

    writing = Work(work.session, actor(work.session, PRODUCER), work.now, "test")
    return places.write(writing, "cooperative", **place_entries(**changes))


#: Corners of an invented pasture, some four kilometres wide.
CORNERS = ((108.4, 41.6), (108.45, 41.6), (108.45, 41.63), (108.42, 41.64), (108.4, 41.63), (108.4, 41.6))


def a_geojson(shift: float = 0.0) -> dict[str, Any]:
    """The invented pasture, so many degrees further east."""
    return {"type": "Polygon", "coordinates": [[[x + shift, y] for x, y in CORNERS]]}


def an_outline(shift: float = 0.0) -> Outline:
    return outline_of(a_geojson(shift))


def the_batch(session: Session) -> Batch:
    """The batch of the demo day, in a database that holds it."""
    return session.exec(select(Batch)).one()


def a_capacity(work: Work, *, place_id: str | None = None, **changes: Any) -> Capacity:
    """A contract of the cooperative's for lamb in kg over the year 2026; loads the scheme where there is none."""
    from trace.services import capacities

    if work.session.exec(select(Scheme)).first() is None:
        a_scheme(Work(work.session, SYSTEM, work.now, "test"))
    usual: dict[str, Any] = {
        "product_id": a_product(work.session).id,
        "season_from": date(2026, 1, 1),
        "season_to": date(2026, 12, 31),
        "unit": "kg",
        "declared": Decimal(5000),
        "basis": "contract",
        "mu": None,
        "per_mu": None,
        "source": "示范合同 2026-1",
    }
    writing = Work(work.session, actor(work.session, PRODUCER), work.now, "test")
    return capacities.declare(writing, "cooperative", place_id=place_id, **usual | changes)


@dataclass(frozen=True)
class FullOfHeroes:
    """A tier with every hero product it allows, and a product beside them."""

    scheme_id: str
    level: int
    plain_id: str


def a_full_tier_of_heroes(work: Work) -> FullOfHeroes:
    """The shipped scheme of one mark and three to five hero products, with five of them."""
    from brand.queries import schemes as reading
    from brand.schemas import presets
    from brand.services import products, schemes

    scheme = schemes.load_preset(work, presets.read_shipped("jinghong-1-3-5"))
    tier = next(one for one in reading.tiers(work.session, scheme.id) if one.heroes_max)
    brand = next(one for one in reading.brands(work.session, scheme.id) if one.tier_id == tier.id)
    entries = {"name": "示范", "source": "示范", "name_en": ""}
    for number in range(tier.heroes_used, tier.heroes_max or 0):
        products.add(work, brand.id, entries | {"code": f"more-{number}", "hero": True})
    plain = products.add(work, brand.id, entries | {"code": "plain", "hero": False})
    return FullOfHeroes(scheme.id, tier.level, plain.id)


def a_gtin(work: Work, gtin: str = "09521234000013", goods: str = "法式羊肋脊排") -> TradeItem:
    """The cooperative's own prefix (of GS1's numbers for examples), confirmed, and its packs under a GTIN of it."""
    mine = replace(work, actor=actor(work.session, PRODUCER, work.now))
    office = replace(work, actor=actor(work.session, CLERK, work.now))
    prefix = gtins.declare(mine, "cooperative", prefix="9521234", source="producer")
    gtins.step(office, prefix.id, "confirm", version=prefix.version)
    wanted = gtins.Goods(gtin, a_product(work.session).id, goods, Decimal("0.5"))
    return gtins.register(mine, "cooperative", [wanted])[0]
