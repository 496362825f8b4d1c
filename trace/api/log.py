"""Proofs from the transparency log over the API: public, to keep and to check without us."""

from __future__ import annotations

from typing import Any

from flask import Response

from brand.edge.api import Blueprint
from brand.edge.policies import public
from brand.edge.protection import csrf, limiter
from brand.edge.requests import reading
from trace.crypto import tlog_proofs
from trace.crypto.tlog_proofs import LogProof
from trace.queries import log as reads
from trace.queries import log_proofs
from trace.schemas.log import ConsistencyIn, ConsistencyOut, shown_consistency

blp = Blueprint("api_log", __name__, url_prefix="/api/v1", description="Proofs from the transparency log")
csrf.exempt(blp)


@blp.after_request
def _for_everybody(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blp.route("/codes/<serial>/proof", methods=["GET"])
@blp.response(200, content_type="text/plain", description="A C2SP tlog-proof with the pack's own path in `extra`")
@public
@limiter.limit("120/minute")
def of_code(serial: str) -> Response:
    """The proof that the code with this serial was issued and entered in the log."""
    with reading() as work:
        return _text(log_proofs.of_unit(work.session, serial), f"{serial}.tlog-proof")


@blp.route("/log/entries/<int:place>/proof", methods=["GET"])
@blp.response(200, content_type="text/plain", description="A C2SP tlog-proof with the entry in `extra`")
@public
@limiter.limit("120/minute")
def of_entry(place: int) -> Response:
    """The proof that an entry stands in the log; places count from 0."""
    with reading() as work:
        return _text(log_proofs.of_entry(work.session, place), f"entry-{place}.tlog-proof")


@blp.route("/log/consistency", methods=["GET"])
@blp.arguments(ConsistencyIn, location="query")
@blp.response(200, ConsistencyOut)
@public
@limiter.limit("120/minute")
def consistency(given: dict[str, Any]) -> dict[str, Any]:
    """The proof that the log of one size begins with the whole log of a smaller one."""
    with reading() as work:
        return shown_consistency(given["old"], reads.signed_tree(work.session, given["new"]))


def _text(proof: LogProof, name: str) -> Response:
    response = Response(tlog_proofs.write(proof), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
