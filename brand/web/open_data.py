"""The register as files for everybody, what their columns mean, and a licence badge other sites may show."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from brand.edge.languages import say
from brand.edge.pages import render
from brand.edge.policies import public
from brand.edge.requests import house, reading
from brand.kernel import texts
from brand.queries import open_data as reads
from brand.queries import register
from brand.schemas import open_data
from brand.schemas.open_data import FILES

bp = Blueprint("open_data", __name__)

#: The names in an address, out of the same table as the files.
_NAMES = ", ".join(FILES)
#: The badge alone may stand in a frame of another site; it runs nothing and sends nothing.
_BADGE_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"


@bp.get("/open-data")
@public
def show() -> ResponseReturnValue:
    """The dictionary, the files, and the totals anybody gets by adding up."""
    with reading() as work:
        found = reads.files(work.session, work.today)
        today = work.today
    counts = Counter(one["status"] for one in found["licences"])
    labels = sum(one["labels"] for one in found["licences"])
    return render("register/open_data.html", files=FILES, found=found, counts=counts, labels=labels, today=today)


@bp.get("/open-data/dictionary.json")
@public
def dictionary() -> ResponseReturnValue:
    """What each column means, for programs."""
    return jsonify({name: [_column(name, one) for one in columns] for name, columns in FILES.items()})


def _column(file: str, column: open_data.Column) -> dict[str, Any]:
    meaning = {f"meaning_{one}": texts.say(one, f"open_data.{file}.{column.name}") for one in texts.LANGUAGES}
    return {"name": column.name, "kind": column.kind} | meaning


@bp.get(f"/open-data/<any({_NAMES}):name>.csv")
@public
def as_csv(name: str) -> ResponseReturnValue:
    rows = _rows(name)[1]
    sent = Response(open_data.as_csv(rows, FILES[name]), mimetype="text/csv")
    sent.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return sent


@bp.get(f"/open-data/<any({_NAMES}):name>.json")
@public
def as_json(name: str) -> ResponseReturnValue:
    as_of, rows = _rows(name)
    plain = [open_data.plain(one, FILES[name]) for one in rows]
    return jsonify({"as_of": as_of, "registry": house().settings.public_url, "count": len(plain), "rows": plain})


def _rows(name: str) -> tuple[str, reads.Rows]:
    with reading() as work:
        return work.now.isoformat(timespec="seconds"), reads.files(work.session, work.today)[name]


@bp.get("/register/<number>/badge")
@public
def badge(number: str) -> ResponseReturnValue:
    """One licence small enough for a frame; its state is read each time."""
    with reading() as work:
        entry = register.entry(work.session, number, work.today)
        today = work.today
    page = render("register/badge.html", entry=entry, today=today, state=say(f"licence.state.{entry.status.value}"))
    return page, 200, {"Content-Security-Policy": _BADGE_POLICY, "Cross-Origin-Resource-Policy": "cross-origin"}
