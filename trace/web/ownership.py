"""The files by which a platform sees whose domain this is, at the root and under every prefix of our codes.

WeChat asks for its file below the very prefix that its scanner is to open; the names and contents are settings.
"""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from brand.edge.policies import public
from brand.edge.requests import house
from brand.kernel.errors import unknown

bp = Blueprint("ownership", __name__)


@bp.get("/<name>.txt")
@public
def file(name: str) -> ResponseReturnValue:
    found = ownership_file(f"{name}.txt")
    if found is None:
        raise unknown()
    return found


def ownership_file(name: str) -> Response | None:
    """The file of that name, if the operator has set one."""
    if not name.endswith(".txt"):
        return None
    content = house().settings.owned.get(name)
    return None if content is None else Response(content, mimetype="text/plain")
