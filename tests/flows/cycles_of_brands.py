"""Life cycles of the registry: who may use the mark."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from brand.kernel.work import Work
from brand.models.appeals import Appeal
from brand.models.enterprises import Enterprise
from brand.models.licences import ApplicationStep, Notice
from brand.models.schemes import Brand
from brand.models.standards import StandardEdition
from brand.rules.reviews import ACTIONS, sheets
from brand.rules.rulebooks import shipped, written
from brand.services import (
    appeals,
    applications,
    assets,
    brand_moves,
    complaints,
    endorsements,
    enterprises,
    inspections,
    licences,
    merges,
    offerings,
    reviews,
    rulebooks,
    scheme_changes,
    standards,
)
from tests import make
from tests.flows.cycles import SAID, Cycle, by, through
from tests.people import APPROVER, CLERK, INSPECTOR, PRODUCER

_SANCTION = {"reason_code": "sanction.accident", "comment": "示范"}
_WORDS = {"comment": "示范"}


def _on_notice(session: Session) -> Any:
    return make.on_notice(make.work(session, now=make.MONDAY - timedelta(days=20)))


def _written(work: Work, thing: Any, action: str) -> Any:
    """Asked for once more, after the one that ran was withdrawn."""
    thing.state = "withdrawn"
    work.session.flush()
    asked = {"enterprise_id": thing.enterprise_id, "product_id": thing.product_id, "cap_kg": thing.cap_kg}
    return applications.draft(work, **asked, uses=thing.uses, capacity=thing.capacity, promise=True)


def _decided(work: Work, thing: Any, action: str) -> Any:
    said = {"reason_code": "refusal.origin", "comment": "示范", "digest": make.read(work.session, thing)}
    return applications.step(work, thing.id, action, version=thing.version, **said)


def _edited(work: Work, thing: Any, action: str) -> Any:
    said = {"cap_kg": thing.cap_kg, "uses": thing.uses, "capacity": "示范", "promise": True}
    return applications.edit(work, thing.id, version=thing.version, **said)


def _recorded(work: Work, thing: Any, action: str) -> Any:
    sheet = sheets().get(ACTIONS[action])
    scores = {one.code: one.most for one in sheet.items} if sheet else {}
    said = {"held_on": work.today, "opinion": "pass", "comment": "示范", "scores": scores}
    reviews.record(work, thing.id, action, version=thing.version, **said)
    return thing


def _finding(session: Session) -> Any:
    licence = make.a_licence(make.work(session))
    said: dict[str, Any] = {"kind": "visit", "severity": "serious", "reason_code": "sanction.standard", "words": "示范"}
    days = {"visited_on": make.MONDAY.date(), "rectify_by": make.MONDAY.date() + timedelta(days=30)}
    return inspections.record(by(session, INSPECTOR), licence.id, **said, **days)


def _rulebook(session: Session) -> Any:
    scheme = make.a_scheme(make.work(session))
    made = rulebooks.draft(make.work(session), scheme.id)
    return rulebooks.step(make.work(session), made.id, "submit", version=made.version)


def _next_rulebook(work: Work, thing: Any, action: str) -> Any:
    """Once the one that was a draft is published."""
    thing.state = "published"
    work.session.flush()
    return rulebooks.draft(work, thing.scheme_id)


def _rulebook_edited(work: Work, thing: Any, action: str) -> Any:
    said = {
        "title": "示范",
        "effective_on": thing.effective_on,
        "text": written(shipped().clauses),
        "codes": dict(shipped().codes),
    }
    return rulebooks.edit(work, thing.id, version=thing.version, **said)


def _edition(session: Session) -> Any:
    make.a_scheme(make.work(session))
    shipped = session.exec(select(StandardEdition).where(StandardEdition.label == "2002-12-30")).one()
    clerk = by(session, CLERK)
    made = standards.draft(clerk, code="NY/T 630-2002", label="2026-09", based_on=shipped.id)
    standards.edit(clerk, made.id, version=made.version, effective_on="2026-10-01")
    return standards.step(clerk, made.id, "submit", version=made.version)


def _change(session: Session) -> Any:
    scheme = make.a_scheme(make.work(session))
    wanted = {"value": 6, "provenance": "示范", "provenance_en": "demo", "confidence": "D", "reason": "示范"}
    return scheme_changes.propose_policy(by(session, CLERK), scheme.id, "notice_working_days", **wanted)


def _brand(session: Session) -> Any:
    make.a_scheme(make.work(session))
    return session.get_one(Brand, make.a_product(session).brand_id)


def _moved(work: Work, thing: Any, action: str) -> Any:
    """Proposed by the one who acts; somebody else's yes makes it so."""
    made = brand_moves.propose(work, thing.id, action, version=thing.version, **SAID)
    brand_moves.decide(by(work.session, APPROVER), made.id, "approve", version=made.version)
    return thing


def _move(session: Session) -> Any:
    brand = _brand(session)
    return brand_moves.propose(by(session, CLERK), brand.id, "suspend", version=brand.version, **SAID)


def _another_move(work: Work, thing: Any, action: str) -> Any:
    other = work.session.exec(select(Brand).where(Brand.id != thing.brand_id)).first()
    assert other is not None
    return brand_moves.propose(work, other.id, "suspend", version=other.version, **SAID)


def _objection(session: Session) -> Any:
    make.on_notice(make.work(session))
    number = session.exec(select(Notice.number)).one()
    return make.a_complaint(make.work(session), kind="objection", notice=number)


def _refusal(session: Session) -> None:
    """A refused application of the cooperative's."""
    application = make.an_application(make.work(session))
    make.step(make.work(session), application, "submit", PRODUCER)
    make.step(make.work(session), application, "start_review", CLERK)
    make.step(make.work(session), application, "refuse", APPROVER, reason_code="refusal.origin", comment="示范")


def _appeal(session: Session) -> Any:
    for _ in range(2):
        _refusal(session)
    return _filed(by(session, PRODUCER), None, "file")


def _filed(work: Work, thing: Any, action: str) -> Any:
    """Against the first refusal nobody has appealed."""
    held = select(Appeal.decision_id)
    open_ones = select(ApplicationStep.id).where(
        ApplicationStep.action == "refuse", col(ApplicationStep.id).not_in(held)
    )
    return appeals.file(work, work.session.exec(open_ones).first() or "", words="示范申诉")


def _issued(work: Work, thing: Any, action: str) -> Any:
    words = {"digest_seen": thing.digest, "reason_code": "mistake", "comment": "示范"}
    signer = make.an_office_signer()
    return endorsements.step(work, thing.number, action, version=thing.version, signer=signer, **words)


def _asset(work: Work, thing: Any = None, action: str = "declare") -> Any:
    number = "12345678901234568" if thing else make.AN_ASSET["number"]
    return assets.declare(work, "cooperative", **make.AN_ASSET | {"number": number})


def _edition_anew(work: Work, thing: Any, action: str) -> Any:
    return standards.draft(work, code="NY/T 630-2002", label="2026-10", based_on=thing.id)


def _edition_edited(work: Work, thing: Any, action: str) -> Any:
    return standards.edit(work, thing.id, version=thing.version, title="示范")


_OFFICE = through(
    complaints.step,
    usual=_WORDS,
    refuse=_WORDS | {"reason_code": "not_accepted.not_ours"},
    dismiss=_WORDS | {"reason_code": "dismissal.not_relevant"},
    end_mediation=_WORDS | {"reason_code": "mediation.no_agreement"},
    route=_WORDS | {"handler": "inspector"},
)

OF_BRANDS = {
    "An enterprise": Cycle(
        lambda session: session.get_one(Enterprise, "cooperative"),
        through(enterprises.step, usual=SAID, refuse=SAID | {"reason_code": "place"}),
    ),
    "A merge of duplicates": Cycle(
        lambda session: merges.propose(by(session, CLERK), "rival", kept_id="cooperative", why="示范"),
        through(merges.decide, usual=_WORDS),
        {"propose": lambda work, _, __: merges.propose(work, "rival_abattoir", kept_id="abattoir", why="示范")},
        beside={"merged": {"decided_by": APPROVER.username}},
    ),
    "A mark or certificate": Cycle(
        lambda session: _asset(by(session, PRODUCER)),
        through(assets.step, usual=SAID | {"reason_code": "scope"}),
        {"declare": _asset},
    ),
    "An endorsement": Cycle(
        lambda session: endorsements.write(by(session, CLERK), **make.AN_ENDORSEMENT),
        _issued,
        {"write": lambda work, _, __: endorsements.write(work, **make.AN_ENDORSEMENT)},
        beside={state: {"issued_by": APPROVER.username} for state in ("issued", "revoked")},
    ),
    "An offering of the catalogue": Cycle(
        lambda session: make.an_offering(make.work(session)),
        through(offerings.step, usual=SAID | {"reason_code": "picture"}),
    ),
    "An application for a licence": Cycle(
        _on_notice,
        _decided,
        {"draft": _written, "edit": _edited} | dict.fromkeys(ACTIONS, _recorded),
        stopped={("refused", "reconsider"): "appeals.not_changed"},
    ),
    "A licence": Cycle(
        lambda session: make.a_licence(make.work(session)),
        through(licences.step, usual=_SANCTION),
        stopped={("revoked", "reinstate"): "appeals.not_changed"},
    ),
    "An edition of a standard": Cycle(
        _edition,
        through(standards.step, usual=_WORDS),
        {"draft": _edition_anew, "edit": _edition_edited},
        alone=frozenset({"load", "supersede"}),
    ),
    "A change of a scheme": Cycle(
        _change,
        through(scheme_changes.step, usual=_WORDS),
        beside={"approved": {"decided_by": APPROVER.username}},
        stopped={("open", "withdraw"): "scheme_changes.not_yours"},
    ),
    "A brand": Cycle(_brand, _moved),
    "A proposed move of a brand": Cycle(
        _move,
        through(brand_moves.decide, usual=_WORDS),
        {"propose": _another_move},
        beside={"approved": {"decided_by": APPROVER.username}},
    ),
    "A complaint": Cycle(lambda session: make.a_complaint(make.work(session)), _OFFICE),
    "A report or comment": Cycle(lambda session: make.a_complaint(make.work(session), kind="comment"), _OFFICE),
    "An objection": Cycle(_objection, _OFFICE),
    "An edition of the rulebook": Cycle(
        _rulebook,
        through(rulebooks.step, usual=_WORDS),
        {"draft": _next_rulebook, "edit": _rulebook_edited},
    ),
    "A visit or yearly review": Cycle(
        _finding,
        through(inspections.step, usual=_WORDS),
        stopped={
            ("told", "close"): "inspections.measure_open",
            **dict.fromkeys((("told", "carry_out"), ("failed", "carry_out")), "inspections.not_carried_out"),
            **{(state, "lift"): "appeals.not_changed" for state in ("told", "failed", "closed")},
        },
    ),
    "An appeal": Cycle(
        _appeal,
        through(appeals.step, usual={"answer": "示范"}),
        {"file": _filed},
        beside={state: {"answered_by": INSPECTOR.username} for state in ("upheld", "changed")},
    ),
}
