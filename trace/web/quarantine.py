"""Pages of quarantine certificates: declared with the paper, seen by an inspector, used up by what goes with them."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from brand.edge.files import saved, uploaded_all
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import Fault, invalid, unknown
from brand.kernel.uploads import ENDINGS
from brand.queries import enterprises
from trace.queries import quarantine as reads
from trace.rules.quarantine import Form as Paper
from trace.rules.quarantine import policy
from trace.schemas.herds import HerdsIn
from trace.schemas.quarantine import QuarantineIn, QuarantineSeeIn, QuarantineUseIn
from trace.services import quarantine

bp = Blueprint("quarantine", __name__)


@bp.get("/quarantine")
@needs("quarantine.read")
def index() -> ResponseReturnValue:
    """Certificates within reach; those nobody has seen yet first."""
    wanted = HerdsIn().take({name: text for name, text in request.args.items() if text and name != "lang"})
    with reading() as work:
        found = reads.listing(work.session, actor(), q=wanted["q"], number=wanted["page"], size=wanted["size"])
        mine = reads.holders(work.session, actor())
    return render("herds/papers.html", found=found, mine=mine, q=wanted["q"])


@bp.route("/enterprises/<enterprise_id>/quarantine/new", methods=["GET", "POST"])
@needs("quarantine.write")
def new(enterprise_id: str) -> ResponseReturnValue:
    with reading() as work:
        actor().require("quarantine.write", enterprise_id)
        enterprise = enterprises.one(work.session, actor(), enterprise_id)
        today = work.today.isoformat()
    form = Form(QuarantineIn(), county_code=enterprise.county_code, issued_on=today, valid_days="1")
    if form.posted:
        with form.catching():
            given = form.values()
            files = uploaded_all("file", most=1)
            with writing() as work:
                made = quarantine.declare(work, enterprise_id, upload=files[0] if files else None, **given)
            return back("quarantine.show", "Kept as declared until an inspector has seen it.", certificate_id=made.id)
    page = render("herds/paper_new.html", form=form, enterprise=enterprise, papers=list(Paper), policy=policy())
    return page, form.status


@bp.get("/quarantine/<certificate_id>")
@needs("quarantine.read")
def show(certificate_id: str) -> ResponseReturnValue:
    return _show(certificate_id, Form(QuarantineUseIn()))


@bp.post("/quarantine/<certificate_id>/use")
@needs("quarantine.write")
def use(certificate_id: str) -> ResponseReturnValue:
    """It goes with a herd, a batch or a shipment."""
    form = Form(QuarantineUseIn())
    with form.catching(), writing() as work:
        quarantine.use(work, certificate_id, **form.values())
        return back("quarantine.show", "Linked.", certificate_id=certificate_id)
    return _show(certificate_id, form)


@bp.post("/quarantine/<certificate_id>/see")
@needs("quarantine.confirm")
def see(certificate_id: str) -> ResponseReturnValue:
    """An inspector confirms or rejects it."""
    form = Form(QuarantineSeeIn())
    with form.catching():
        given = form.values()
        with writing() as work:
            quarantine.see(work, certificate_id, confirmed=verdict(given.pop("verdict")), **given)
        return back("quarantine.show", "Noted.", certificate_id=certificate_id)
    return _show(certificate_id, form)


@bp.get("/quarantine/<certificate_id>/file")
@needs("quarantine.read")
def file(certificate_id: str) -> ResponseReturnValue:
    with reading() as work:
        one = reads.find(work.session, actor(), certificate_id).paper
    if one.content is None:
        raise unknown()
    return saved(one.content, f"{one.key}.{ENDINGS[one.media_type]}", one.media_type)


def verdict(text: str) -> bool:
    """Confirmed or rejected; raises ``input.not_a_choice``."""
    if text not in ("confirmed", "rejected"):
        raise invalid("input.invalid", faults=[Fault("input.not_a_choice", "/verdict")])
    return text == "confirmed"


def _show(certificate_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), certificate_id)
        may_use = actor().may("quarantine.write", entry.paper.enterprise_id)
        targets = reads.targets(work.session, actor(), entry.paper.enterprise_id) if may_use else ()
        today = work.today
    page = render(
        "herds/paper.html",
        form=form,
        entry=entry,
        one=entry.paper,
        policy=policy(),
        targets=targets,
        may_use=may_use,
        may_see=actor().may("quarantine.confirm") and entry.paper.state == "declared",
        today=today,
    )
    return page, form.status
