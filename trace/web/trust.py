"""The files of trust where the world looks for them: signed lists of keys and of what is revoked."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response

from brand.edge.policies import public
from brand.edge.requests import house, reading
from brand.kernel.errors import unknown
from trace.crypto import keys
from trace.crypto.notes import ED25519, Verifier
from trace.crypto.sealed_keys import Role
from trace.crypto.signables import signer_name
from trace.crypto.trust import BUNDLE, REVOCATIONS
from trace.queries import log as log_reads
from trace.queries import trust as reads
from trace.rules.keys import KeyState

bp = Blueprint("trust", __name__, url_prefix="/trust")

#: When to ask again for a file that is not there yet.
RETRY_SECONDS = 10
_FRESH, _FOR_EVER = "public, max-age=300", "public, max-age=31536000, immutable"
_TEXT, _BYTES = "text/plain; charset=utf-8", "application/octet-stream"


@bp.get("/bundle")
@public
def bundle() -> Response:
    """Every key with its role, window and state, as a signed note."""
    return _file(BUNDLE)


@bp.get("/revocations")
@public
def revocations() -> Response:
    """Keys cut off, batches called back and the digest of the withdrawn serials, as a signed note."""
    return _file(REVOCATIONS)


@bp.get("/withdrawn/<digest>")
@public
def withdrawn(digest: str) -> Response:
    """The beginnings of withdrawn serials, five bytes each, by the digest the revocations name."""
    with reading() as work:
        found = reads.newest(work.session, REVOCATIONS)
    if found is None or hashlib.sha256(found.data).hexdigest() != digest:
        raise unknown()
    return _shown(found.data, _BYTES, _FOR_EVER)


@bp.get("/vkeys")
@public
def vkeys() -> Response:
    """The keys that sign these files now, one ``vkey`` a line, the oldest first: what to hold on to."""
    name = signer_name(house().settings.origin, BUNDLE)
    with reading() as work:
        found = [one for one in log_reads.keys(work.session, Role.TRUST) if one.state == KeyState.ACTIVE]
    lines = (Verifier(name, ED25519, keys.public_key(one.public_key)).text for one in found)
    return _shown("".join(f"{one}\n" for one in lines).encode("ascii"), _TEXT, _FRESH)


def _file(topic: str) -> Response:
    with reading() as work:
        found = reads.newest(work.session, topic)
    if found is None:  # the service has just begun; the first version is made within seconds
        response = Response("trust.not_published_yet\n", status=503, content_type=_TEXT)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response
    return _shown(found.note.encode("utf-8"), _TEXT, _FRESH)


def _shown(data: bytes, kind: str, caching: str) -> Response:
    response = Response(data, content_type=kind)
    response.headers["Cache-Control"] = caching
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
