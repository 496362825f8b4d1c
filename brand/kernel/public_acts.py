"""Which audited acts the transparency log tells the world of, as what kind of statement, and with which public figures.

Source: codes-and-log plan, part 5. An act is told either here or in ``KEPT``, with the reason why it is nobody's
business; a test holds both against every act the services record. Facts named here are published for ever: numbers,
weights, days, digests and codes, never a name, a telephone, words somebody wrote or a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class PublicAct:
    """A kind of statement, and the names of the audit detail that go into it in clear.

    ``facts`` stand in every detail of the act, if only empty; ``perhaps`` only in some.
    """

    statement: str
    facts: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


_MOVED = ("number", "reason_code", "rulebook", "clause")

PUBLIC: Final[Mapping[str, PublicAct]] = {
    "enterprises.confirm": PublicAct("producer.admit"),
    "enterprises.suspend": PublicAct("producer.suspend", ("reason_code",)),
    "enterprises.resume": PublicAct("producer.admit"),
    "merges.approve": PublicAct("producer.merge"),
    "erasures.erase": PublicAct("record.erase", ("salts", "digest")),
    "erasures.erase_complainant": PublicAct("record.erase", ("salts", "digest")),
    "applications.publish_notice": PublicAct("application.notice", (*_MOVED, "working_days", "ends_on")),
    "applications.grant": PublicAct("application.decide", _MOVED),
    "applications.refuse": PublicAct("application.decide", _MOVED),
    "applications.reconsider": PublicAct("application.decide", _MOVED),
    "licences.grant": PublicAct("licence.grant", ("number", "valid_from", "valid_until", "cap_kg")),
    "licences.suspend": PublicAct("licence.suspend", _MOVED),
    "licences.reinstate": PublicAct("licence.reinstate", _MOVED),
    "licences.revoke": PublicAct("licence.revoke", _MOVED),
    "brands.suspend": PublicAct("brand.suspend", ("code", "reason_code", "edition")),
    "brands.resume": PublicAct("brand.resume", ("code", "reason_code", "edition")),
    "brands.end": PublicAct("brand.end", ("code", "reason_code", "edition")),
    "schemes.add_brand": PublicAct("brand.add", ("tier", "code")),
    "schemes.load": PublicAct("scheme.edition", ("code", "edition")),
    "schemes.approve_change": PublicAct("scheme.edition", ("kind", "key", "edition")),
    "rulebooks.seed": PublicAct("rulebook.edition", ("edition", "digest")),
    "rulebooks.publish": PublicAct("rulebook.edition", ("edition", "digest")),
    "standards.load": PublicAct("standard.edition", ("digest",)),
    "standards.publish": PublicAct("standard.edition", ("digest",)),
    "standards.supersede": PublicAct("standard.edition", ("digest",)),
    "commitments.issue": PublicAct("commitment.issue", ("number",)),
    "commitments.replace": PublicAct("commitment.issue", ("number",)),
    "commitments.withdraw": PublicAct("commitment.withdraw", ("number",)),
    "endorsements.issue": PublicAct("endorsement.issue", ("number", "subject", "digest")),
    "endorsements.revoke": PublicAct("endorsement.revoke", ("number", "subject", "digest")),
    "designations.grant": PublicAct("designation.grant", ("mark",)),
    "designations.revoke": PublicAct("designation.revoke", ("mark",)),
    "appeals.uphold": PublicAct("appeal.answer", ("number", "kind", "state")),
    "appeals.change": PublicAct("appeal.answer", ("number", "kind", "state")),
    "batches.register": PublicAct("batch.register", ("batch", "licence", "head", "cold_kg")),
    "batches.record_chilling": PublicAct("event", ("batch", "breaches")),
    "batches.record_packing": PublicAct("event", ("batch", "packs", "packed_kg")),
    "batches.record_lab_report": PublicAct("inspection", ("batch", "numbers", "passed")),
    "grading.grade": PublicAct("grading", ("batch",)),
    "grading.settle": PublicAct("grading", ("batch",)),
    "grading.take_back": PublicAct("grading", ("batch",)),
    "events.correct": PublicAct("correction", ("corrects",)),
    "events.answer": PublicAct("correction", ("answers",)),
    "events.withdraw": PublicAct("correction", ("withdraws",)),
    "events.record_ph": PublicAct("event", ("batch",)),
    "axes.state": PublicAct("grading", ("batch",)),
    "inspections.tell": PublicAct("inspection", ("measure",)),
    "labels.order": PublicAct(
        "code.issue",
        ("number", "batch", "licence", "packs", "kg", "kid", "units_root"),
        ("replaces", "gtin", "expiry", "unsigned", "controls"),
    ),
    "batch_tags.issue": PublicAct("code.batch", ("batch", "licence", "kid", "signature"), ("gtin",)),
    "container_tags.issue": PublicAct("code.container", ("code", "kid", "signature")),
    "labels.release": PublicAct("code.release", ("number", "packs", "printer")),
    "labels.void": PublicAct("void", ("number", "labels", "reason")),
    "label_stops.place": PublicAct("stop", ("scope", "number", "reason_code")),
    "label_stops.lift": PublicAct("stop.lift", ("scope", "number")),
    "holds.place": PublicAct("hold", ("number", "scope", "reason_code")),
    "holds.lift": PublicAct("hold.lift", ("number",)),
    "recalls.open": PublicAct("recall", ("number", "state")),
    # Whose goods carry a licence and from when on; with whom it was agreed is nobody's business, and so is its number,
    # because people write names into it.
    "supply.confirm": PublicAct("supply.confirm", ("licence", "kg", "valid_from", "valid_until")),
    "supply.end": PublicAct("supply.end", ("licence", "used_kg")),
    "supply.stop": PublicAct("supply.end", ("licence", "used_kg")),
    "recalls.close": PublicAct("recall.close", ("number", "state", "difference_kg")),
    **{
        f"containers.{one}": PublicAct("event", ("code", "kg"))
        for one in ("pack", "sell", "destroy", "lose", "shortage")
    },
    **{f"containers.{one}": PublicAct("event", ("code",)) for one in ("unpack", "take_off", "put_on")},
    "shipments.send": PublicAct("event", ("number",)),
    "shipments.take_over": PublicAct("event", ("number",)),
    "shipments.receive": PublicAct("event", ("number",)),
    "keys.create": PublicAct(
        "key.add",
        ("role", "kid", "thumbprint", "public_key", "not_before", "not_after"),
        perhaps=("quarter", "year"),
    ),
    "log.recover": PublicAct("log.recover", ("from_index", "to_index", "lost")),
    "keys.retire": PublicAct("key.retire", ("role", "kid", "thumbprint", "reason_code")),
    "keys.distrust": PublicAct("key.distrust", ("role", "kid", "thumbprint", "reason_code", "from_index")),
    **{
        f"flows.{one}": PublicAct("event", ("batch", "kg"), perhaps=("inputs",))
        for one in (
            "commission",
            "split",
            "merge",
            "transform",
            "pack",
            "sell",
            "destroy",
            "lose",
            "shortage",
        )
    },
    "flows.undone": PublicAct("correction", ("undoes", "kg", "kind", "batches")),
    "shipments.call_off": PublicAct("event", ("number",)),
    # What a keeper states of animals: that it was stated, when and by whom; how many head is nobody's business.
    **{
        one: PublicAct("event")
        for one in (
            "herds.open",
            "herds.graze",
            "herds.close",
            "herds.take_back",
            "animals.bring_in",
            "animals.move",
            "animals.leave",
            "animals.find_again",
            "animals.take_back",
            "care.record",
            "care.strike",
        )
    },
    "lab_reports.confirm": PublicAct("inspection", ("number", "status")),
    "lab_reports.reject": PublicAct("inspection", ("number", "status")),
    "lab_reports.overturn": PublicAct("inspection", ("number", "status")),
    "lab_reports.release": PublicAct("inspection", ("number", "status", "relief")),
}


_OFFICE = "a step inside the office; what comes of it is told"
_OWN = "an enterprise's own books and drafts"
_PERSONS = "about persons, their rights and their sign-in"
_PREPARING = "preparation: nothing has happened to goods or licences yet"

#: Whole topics, or single acts of topics that are otherwise told, and why the world is not told of them.
KEPT: Final[Mapping[str, str]] = {
    "accounts": _PERSONS,
    "members": _PERSONS,
    "consents": _PERSONS,
    "complaints": "complainants are protected; answers reach them by their link",
    "adoptions": "read on the standards' own pages",
    "trainings": _PERSONS,
    "guidance": "services between office and enterprise",
    "alarms": "for those who look into them",
    "scans": "for those who look into copies; a warning stands on the code's own page",
    "animals.retag": _OWN,
    "animals.number": _OWN,
    "herds.edit": _OWN,
    "medicines": _OWN,
    "assets": "declared papers, read on the enterprise's own page",
    "sites": _OWN,
    "materials": _OWN,
    "second_codes": "what somebody typed who opened a pack; only its page tells when",
    "gtins": "read on the page of the goods under each GTIN",
    "offerings": "the catalogue is open data with its own history",
    "calendar": "taken from the gazette, which is public",
    "capacities": _OWN,
    "places": "outlines are personal data; the public page shows what may be shown",
    "devices": _OWN,
    "field_devices": _PERSONS,
    "field_findings": "told as the inspection they become",
    "field_lists": "what stands in them is told by the acts themselves",
    "imports": _PREPARING,
    "jobs": _PREPARING,
    "quarantine": "papers of the authorities",
    "free_tests": "read in the programme's own figures",
    "access": "about persons and what they tried",
    "plot_care": _OWN,
    "backups": "the office's own housekeeping; their age stands on the operator's page",
    "retention": "the office's own housekeeping; each erasure is told by itself",
    "purchases": "told by the batch the goods become",
    "lairage": "told by the batch the animals become",
    "samples": _OWN,
    "checks": _OWN,
    "flows.propose": _PREPARING,
    "flows.agree": "told by the act itself",
    "flows.refuse": _PREPARING,
    "flows.withdraw": _PREPARING,
    "flows.store": _OWN,
    "limits": "a register with its own editions and sources",
    "applications.draft": _PREPARING,
    "applications.edit": _PREPARING,
    "applications.submit": _PREPARING,
    "applications.withdraw": _PREPARING,
    "applications.return": _OFFICE,
    "applications.start_review": _OFFICE,
    "applications.recommend": _OFFICE,
    "applications.review_desk": _OFFICE,
    "applications.inspect_site": _OFFICE,
    "applications.hear_experts": _OFFICE,
    "appeals.file": _OFFICE,
    "brands.propose_move": _PREPARING,
    "brands.approve_move": "told by the move itself",
    "brands.drop_move": _PREPARING,
    "brands.add_trademark": "read in the trademark register",
    "brands.renew_trademark": "read in the trademark register",
    "brands.add_file": _OFFICE,
    "brands.take_file": _OWN,
    "commitments.take": _OWN,
    "designations.write": _PREPARING,
    "endorsements.write": _PREPARING,
    "endorsements.drop": _PREPARING,
    "enterprises.join": _PERSONS,
    "enterprises.edit": _PERSONS,
    "enterprises.refuse": _OFFICE,
    "enterprises.resubmit": _PREPARING,
    "inspections.record": _OFFICE,
    "inspections.accept": _OFFICE,
    "inspections.carry_out": "told by the sanction itself",
    "inspections.close": _OFFICE,
    "inspections.fail": _OFFICE,
    "inspections.lift": _OFFICE,
    "lab_reports.attach": _OWN,
    "lab_reports.withdraw": _OWN,
    "lab_reports.contest": _OFFICE,
    "lab_reports.uphold": _OFFICE,
    "lab_reports.ask_release": _PREPARING,
    "lab_reports.keep_held": _OFFICE,
    "lab_reports.ask_retest": _PREPARING,
    "lab_reports.hand_over_retest": _PREPARING,
    "lab_reports.answer_retest": _OFFICE,
    "labels.activate": "single packs are not told; the root of the issue gives each its path",
    "labels.print": _OWN,
    "batch_tags.print": _OWN,
    "container_tags.print": _OWN,
    "labels.reserve": "told by the issue, once the codes are signed",
    "labels.call_off": "none of its codes was ever issued",
    "licences.contract": _OFFICE,
    "merges.propose": _PREPARING,
    "merges.drop": _PREPARING,
    "recalls.propose": _PREPARING,
    "recalls.discard": _PREPARING,
    "recalls.acknowledge": _OWN,
    "recalls.report": _OWN,
    "rulebooks.draft": _PREPARING,
    "rulebooks.edit": _PREPARING,
    "rulebooks.submit": _PREPARING,
    "rulebooks.return": _PREPARING,
    "schemes.propose_change": _PREPARING,
    "schemes.refuse_change": _PREPARING,
    "schemes.withdraw_change": _PREPARING,
    **{
        f"supply.{one}": "between two parties until the office confirms; the confirmation is told"
        for one in ("declare", "attach", "consent", "record", "decline", "withdraw", "refuse")
    },
    "standards.draft": _PREPARING,
    "standards.edit": _PREPARING,
    "standards.submit": _PREPARING,
    "standards.return": _PREPARING,
    "standards.withdraw": _PREPARING,
}


def told(action: str, detail: Mapping[str, Any]) -> PublicAct | None:
    """How the log tells of the act, or None where it is kept; a drill leaves no trace outside.

    Raises ``ValueError`` for an act that stands in neither list: nothing is done that nobody decided how to tell.
    """
    found = PUBLIC.get(action)
    if found is None and action not in KEPT and action.partition(".")[0] not in KEPT:
        raise ValueError(f"neither told nor kept: {action}")
    return None if detail.get("drill") else found
