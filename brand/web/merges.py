"""Pages of merging duplicates: proposing, and the second person's decision."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from brand.edge.pages import Form, back, render
from brand.edge.policies import needs
from brand.edge.requests import actor, reading, writing
from brand.kernel.errors import unknown
from brand.queries import enterprises
from brand.queries import merges as reads
from brand.schemas.enterprises import DropIn, MergeIn, StepIn
from brand.services import merges

bp = Blueprint("merges", __name__)


@bp.route("/enterprises/<duplicate_id>/merge", methods=["GET", "POST"])
@needs("enterprises.confirm")
def new(duplicate_id: str) -> ResponseReturnValue:
    """Propose that this entry is a duplicate."""
    form = Form(MergeIn())
    if form.posted:
        with form.catching(), writing() as work:
            made = merges.propose(work, duplicate_id, **form.values())
            return back("merges.show", "Proposed: a second person decides.", merge_id=made.id)
    with reading() as work:
        duplicate = enterprises.one(work.session, actor(), duplicate_id)
        others = [one for one in enterprises.names(work.session) if one[0] != duplicate_id]
    return render("merges/new.html", form=form, one=duplicate, others=others), form.status


@bp.get("/merges/<merge_id>")
@needs("enterprises.read")
def show(merge_id: str) -> ResponseReturnValue:
    return _show(merge_id, Form(DropIn()))


@bp.post("/merges/<merge_id>/<any(approve, drop):action>")
@needs("enterprises.merge")
def decide(merge_id: str, action: str) -> ResponseReturnValue:
    form = Form(DropIn() if action == "drop" else StepIn())
    with form.catching(), writing() as work:
        done = merges.decide(work, merge_id, action, **form.values())
        if action == "approve":
            return back("enterprises.show", "Merged: the duplicate's address leads here.", enterprise_id=done.kept_id)
        return back("merges.show", "Dropped: both entries stay as they are.", merge_id=merge_id)
    return _show(merge_id, form)


def _show(merge_id: str, form: Form) -> ResponseReturnValue:
    with reading() as work:
        found = reads.find(work.session, actor(), merge_id)
    if not (actor().may("enterprises.merge") or actor().may("enterprises.confirm")):
        raise unknown()
    deciding = actor().may("enterprises.merge") and found.merge.proposed_by != actor().person_id
    return render("merges/show.html", found=found, one=found.merge, form=form, may_decide=deciding), form.status
