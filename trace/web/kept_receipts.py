"""The page on which a producer's own telephone keeps receipts: asked for, checked and saved there, by nobody else."""

from __future__ import annotations

from flask import Blueprint, Response

from brand.edge.policies import public
from brand.edge.requests import house
from trace.web.kept_pages import KeptPage, serve_beside

bp = Blueprint("kept_receipts", __name__, url_prefix="/receipts/kept")

_SHARED = ("bytes", "shelf", "signatures", "words")
PAGE = KeptPage(
    endpoint="kept_receipts",
    title="Receipts on this phone",
    template="receipts/kept.html",
    scripts=("js/receipts", *(f"js/inspector/{one}.js" for one in _SHARED), "vendor/noble-ed25519@3.2.0"),
    topics=("receipts.", "notes.", "trust.", "signer.note_"),
)


@bp.get("/")
@public
def show() -> Response:
    return PAGE.page(origin=house().settings.origin)


serve_beside(bp, PAGE)
