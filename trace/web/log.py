"""The transparency log as the world reads it: checkpoint, tiles and bundles as files, without database or session.

Source: C2SP tlog-tiles. What is immutable says so; the checkpoint is good for seconds.
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from brand.edge.lean import Service
from brand.edge.policies import public
from brand.edge.requests import house, reading
from brand.kernel.errors import AppError
from trace.crypto import keys, tiles
from trace.crypto.notes import ED25519, Verifier
from trace.parts import parts
from trace.queries import log as reads
from trace.services import log_files

bp = Blueprint("log", __name__, url_prefix="/log")

_PREFIX = "/log/"
_FRESH, _FOR_EVER = "public, max-age=2", "public, max-age=31536000, immutable"
_TEXT, _BYTES = "text/plain; charset=utf-8", "application/octet-stream"


@bp.record_once
def _set_up(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Service)
    state.app.answer_leanly(_PREFIX, _served)


@bp.get("/<path:rest>")
@public
def resource(rest: str) -> ResponseReturnValue:
    """Checkpoint, keys, tiles and bundles; every GET below the prefix is answered leanly."""
    del rest
    return _served()


def _served() -> ResponseReturnValue:
    path = request.path.removeprefix(_PREFIX)
    if path == log_files.CHECKPOINT:
        return _found(log_files.read_checkpoint(parts().log.folder), _TEXT, _FRESH)
    if path == "vkeys":
        return _found(_keys(), _TEXT, _FRESH)
    try:
        wanted = tiles.parse_path(path)
    except AppError:
        return _found(None, _BYTES, _FRESH)
    return _found(log_files.read(parts().log.folder, wanted), _BYTES, _FOR_EVER)


def _keys() -> bytes:
    """The keys that sign or signed this log, one ``vkey`` a line, the oldest first."""
    origin = house().settings.origin
    with reading() as work:
        found = reads.keys(work.session)
    lines = (Verifier(origin, ED25519, keys.public_key(one.public_key)).text for one in found)
    return "".join(f"{one}\n" for one in lines).encode("ascii")


def _found(data: bytes | None, kind: str, caching: str) -> Response:
    if data is None:
        response = Response("not found\n", status=404, mimetype="text/plain")
        caching = "no-store"
    else:
        response = Response(data, content_type=kind)
    response.headers["Cache-Control"] = caching
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
