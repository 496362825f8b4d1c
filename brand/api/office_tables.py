"""Tables a scheme works by over the API: what is in force, and proposals that a second person decides."""

from __future__ import annotations

from typing import Any

from brand.edge.api import Blueprint, creates
from brand.edge.policies import needs, public
from brand.edge.protection import csrf
from brand.edge.requests import reading
from brand.kernel.errors import unknown
from brand.kernel.work import Work
from brand.models.scheme_changes import SchemeChange
from brand.queries import office_tables as reads
from brand.queries import schemes
from brand.rules.office_tables import OfficeTable, Table
from brand.schemas.office_tables import SchemeTableIn, SchemeTableOut
from brand.schemas.scheme_changes import SchemeChangeOut
from brand.services import scheme_changes

blp = Blueprint("api_office_tables", __name__, url_prefix="/api/v1/schemes", description="Tables of a scheme")
csrf.exempt(blp)


@blp.route("/<scheme_id>/tables", methods=["GET"])
@blp.response(200, SchemeTableOut(many=True))
@public
def index(scheme_id: str) -> list[OfficeTable]:
    """Measures by severity and repeat, and the points of the score sheets."""
    with reading() as work:
        schemes.scheme(work.session, scheme_id)
        return reads.every(work.session, scheme_id)


@blp.route("/<scheme_id>/tables/<table>/changes", methods=["POST"])
@blp.arguments(SchemeTableIn)
@blp.response(201, SchemeChangeOut)
@creates(SchemeChangeOut)
@needs("schemes.propose")
def propose(work: Work, values: dict[str, Any], scheme_id: str, table: str) -> SchemeChange:
    """Propose other figures of one table."""
    if table not in set(Table):
        raise unknown()
    return scheme_changes.propose_table(work, scheme_id, Table(table), **values)
