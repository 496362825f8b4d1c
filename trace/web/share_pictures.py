"""The picture of the card people see who are sent a pack's address: goods as their producer lists them.

Looked up when somebody's programme asks for the picture, never when a pack is scanned.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app

from brand.edge.policies import public
from brand.edge.protection import limiter
from brand.edge.requests import reading
from brand.kernel.uploads import PNG
from trace.queries import resolving

bp = Blueprint("share_pictures", __name__)

#: Seconds: a picture that was taken off is gone from cards soon.
KEPT = 3600


@bp.get("/share/<code>")
@public
@limiter.limit("120/minute")
def show(code: str) -> Response:
    """Of a batch's goods, and for every other code the same general picture."""
    with reading() as work:
        found = resolving.pictured(work.session, code)
        drawn = (found.content, found.media_type) if found is not None else (_general(), PNG)
    answer = Response(drawn[0], mimetype=drawn[1])
    answer.headers["Cache-Control"] = f"public, max-age={KEPT}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


def _general() -> bytes:
    return Path(str(current_app.static_folder), "img", "share.png").read_bytes()
