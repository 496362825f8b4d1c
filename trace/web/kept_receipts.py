"""The page on which a producer's own telephone keeps receipts: asked for, checked and saved there, by nobody else."""

from __future__ import annotations

from flask import Blueprint, Response

from brand.edge.policies import public
from brand.edge.requests import house
from trace.web.kept_pages import KeptPage

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


@bp.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    return PAGE.manifest()


@bp.get("/words/<any(zh, en):code>.json")
@public
def words(code: str) -> Response:
    return PAGE.words(code)


@bp.get("/worker.js")
@public
def worker() -> Response:
    return PAGE.worker()
