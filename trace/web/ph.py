"""The form for pH readings of a batch's carcasses."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.languages import language
from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from trace.queries import batches as reads
from trace.queries import events as event_reads
from trace.rules.events import EventKind
from trace.rules.ph import policy
from trace.schemas.ph import PhIn
from trace.services import ph

bp = Blueprint("ph", __name__)


@bp.route("/batches/<batch_id>/ph", methods=["GET", "POST"])
@needs("events.record")
def record(batch_id: str) -> ResponseReturnValue:
    with reading() as work:
        entry = reads.find(work.session, actor(), batch_id)
        actor().require("events.record", entry.batch.holder_id)
        places = event_reads.offered(work.session, entry.batch.holder_id, EventKind.PH)
    if entry.slaughter is None:
        raise unknown()
    form = Form(PhIn(), version=entry.batch.version, hours="24")
    if form.posted:
        with form.catching():
            given = form.values()
            with writing() as work:
                ph.record(work, batch_id, **given)
            return back("batches.show", "The pH stands in the chain.", batch_id=batch_id)
    source = policy()["dark"]["source" if language() == "zh" else "source_en"]
    return render("batches/ph.html", form=form, one=entry.batch, source=source, places=places), form.status
