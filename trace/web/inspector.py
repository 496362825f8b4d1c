"""The page an inspector's telephone keeps; what it shows comes from the signed list the telephone fetched itself."""

from __future__ import annotations

from flask import Blueprint, Response

from brand.edge.policies import public
from brand.edge.requests import house
from brand.rules.inspections import Severity
from brand.rules.sanctions import Sanction
from trace.rules.field_findings import COMPARED, MOST_PHOTOS
from trace.rules.field_locks import LOCK
from trace.web.kept_pages import KeptPage, serve_beside

#: What of a call is not photos: the signed text, its signature, and the frame around the parts.
_WORDS = 100_000

bp = Blueprint("inspector", __name__, url_prefix="/inspector")

PAGE = KeptPage(
    endpoint="inspector",
    title="Inspector kit",
    template="inspector/show.html",
    scripts=("js/inspector", "vendor/zxing-wasm@3.1.6", "vendor/noble-ed25519@3.2.0"),
    topics=(
        "gtins.",
        "inspector.",
        "verdicts.",
        "codes.",
        "cuts.",
        "field_devices.",
        "field_findings.",
        "grading.grades.",
        "severity.",
        "scan.unreadable",
        "scan.batch_issued",
    ),
    compiled=True,
)


@bp.get("/")
@public
def show() -> Response:
    return PAGE.page(
        origin=house().settings.origin,
        severities=list(Severity),
        reasons=list(Sanction),
        compared=COMPARED,
        most_photos=MOST_PHOTOS,
        photo_bytes=(house().settings.upload_bytes - _WORDS) // MOST_PHOTOS,
        lock=LOCK,
    )


serve_beside(bp, PAGE)
