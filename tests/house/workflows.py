"""Writes docs/workflows.md from the life cycles: ``python -m tests.house.workflows``."""

from __future__ import annotations

from pathlib import Path

from brand.kernel.workflow import Step, Workflow
from brand.rules import (
    appeals,
    asset_flow,
    brand_flow,
    complaint_flow,
    endorsements,
    enterprise_flow,
    inspections,
    licence_flow,
    offerings,
    rulebooks,
    sanctions,
    scheme_changes,
    standards,
)
from trace.rules import (
    capacities,
    commitments,
    field_devices,
    field_findings,
    flows,
    free_tests,
    gtins,
    lab_reports,
    label_flow,
    lairage,
    limits,
    places,
    recalls,
    shipments,
    supply,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "workflows.md"
LIFE_CYCLES = {
    "An enterprise": enterprise_flow.FLOW,
    "A merge of duplicates": enterprise_flow.MERGE,
    "A mark or certificate": asset_flow.FLOW,
    "An endorsement": endorsements.FLOW,
    "A place where goods come from": places.FLOW,
    "A capacity of a season": capacities.FLOW,
    "A supply contract": supply.FLOW,
    "A company prefix of GTINs": gtins.FLOW,
    "An offering of the catalogue": offerings.FLOW,
    "An application for a licence": licence_flow.APPLICATION,
    "A licence": sanctions.LICENCE,
    "An edition of a standard": standards.STANDARD,
    "A change of a scheme": scheme_changes.FLOW,
    "A brand": brand_flow.BRAND,
    "A proposed move of a brand": brand_flow.MOVE,
    "A complaint": complaint_flow.COMPLAINT,
    "A report or comment": complaint_flow.HINT,
    "An objection": complaint_flow.OBJECTION,
    "An edition of the rulebook": rulebooks.FLOW,
    "A visit or yearly review": inspections.FLOW,
    "An appeal": appeals.FLOW,
    "A test report": lab_reports.FLOW,
    "The release of goods that failed a test": lab_reports.RELIEF,
    "A limit of a tested item": limits.FLOW,
    "An order of labels": label_flow.FLOW,
    "A commitment certificate": commitments.FLOW,
    "A programme of free tests": free_tests.PROGRAMME,
    "A request for a free test": free_tests.FLOW,
    "A recall or a drill": recalls.FLOW,
    "An act with an unusual yield": flows.FLOW,
    "A shipment": shipments.FLOW,
    "A lot of animals before slaughter": lairage.FLOW,
    "A telephone of an inspector": field_devices.FLOW,
    "A finding from a market": field_findings.FLOW,
}
_HEAD = """# Life cycles

Each life cycle is one frozen table in `brand/rules/` or `trace/rules/`; the pictures and tables below are written from
it by
`python -m tests.house.workflows`, and a test compares. A step needs the permission, then every guard in order; each
writes who, when, from, to, reason and comment. The end of a licence's term is no step: it is read from the dates.
"""


def page() -> str:
    """The whole page as it should stand."""
    return "\n".join([_HEAD, *(_section(title, flow) for title, flow in LIFE_CYCLES.items())])


def _section(title: str, flow: Workflow) -> str:
    rows = "\n".join(_row(one) for one in flow.steps)
    head = "| from | step | to | permission | guards | audit |\n|---|---|---|---|---|---|"
    return f"## {title}\n\n```mermaid\n{flow.diagram()}```\n\n{head}\n{rows}\n"


def _row(step: Step) -> str:
    guards = ", ".join(one.__name__.strip("_").replace("_", " ") for one in step.guards) or "–"
    return f"| {step.state} | {step.action} | {step.next_state} | {step.permission} | {guards} | {step.audit} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
