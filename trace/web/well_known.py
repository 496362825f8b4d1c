"""What the world looks for at fixed places: public keys (RFC 7517, W3C did:web) and what the resolver resolves."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify

from brand.edge.languages import say
from brand.edge.policies import public
from brand.edge.requests import house, reading
from trace.crypto.published_keys import did_document, jwks
from trace.formats.linksets import description
from trace.queries import keys

bp = Blueprint("well_known", __name__, url_prefix="/.well-known")

#: Verifiers keep keys for days; a new key must reach them before its first label reaches a shop.
FRESH_SECONDS = 300


@bp.after_request
def _for_everybody(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"  # what may be asked is told to other sites too
    return response


@bp.get("/jwks.json")
@public
def jwks_json() -> Response:
    with reading() as work:
        return _shown(jwks(keys.published(work.session)))


@bp.get("/did.json")
@public
def did_json() -> Response:
    host = urlsplit(house().settings.public_url).netloc.lower()
    with reading() as work:
        return _shown(did_document(host, keys.published(work.session)))


@bp.get("/gs1resolver")
@public
def gs1resolver() -> Response:
    """The description file of a GS1-conformant resolver."""
    settings = house().settings
    return _shown(description(settings.public_url, say("BrandTrace"), settings.office_contact))


def _shown(document: dict[str, Any]) -> Response:
    response = jsonify(document)
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return response
