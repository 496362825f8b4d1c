"""Pages without a person: the start page, how this works, and the service's pulse."""

from __future__ import annotations

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from brand.edge.languages import language, say
from brand.edge.pages import day, named, number, render
from brand.edge.policies import public
from brand.edge.protection import CSP_API_DOCS
from brand.edge.requests import reading
from brand.queries import home as home_page

bp = Blueprint("public", __name__)


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    with reading() as work:
        front = home_page.front(work.session, work.today)
    return render(
        "home.html",
        county=_county(front),
        brand=named(front.brand) if front.brand else None,
        totals=[
            (number(front.enterprises), say("enterprises registered")),
            (number(front.licences), say("licences in force")),
            (number(front.labels), say("labels issued")),
        ],
        notices=[
            {
                "title": f"{named(one.enterprise)} · {named(one.carried)}",
                "href": url_for("register.notice", number=one.notice.number),
                "date": day(one.notice.starts_on),
                "until": day(one.end.end),
            }
            for one in front.notices
        ],
        hrefs={
            "register": url_for("register.index"),
            "catalogue": url_for("catalogue.index"),
            "notices": url_for("register.notices"),
            "join": url_for("enterprises.join"),
            "sign_in": url_for("security.login"),
        },
    )


def _county(front: home_page.Front) -> str | None:
    """The county's own name in Chinese; in English the scheme's, which is the only English name on record."""
    if front.scheme is None:
        return None
    return front.county if language() == "zh" and front.county else named(front.scheme)


@bp.get("/api/docs")
@public
def api_docs() -> ResponseReturnValue:
    """The API described; the viewer writes styles of its own, so this one page may."""
    return render("public/api_docs.html"), 200, {"Content-Security-Policy": CSP_API_DOCS}


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    return render("public/about.html")


@bp.get("/healthz")
@public
def pulse() -> ResponseReturnValue:
    """200 while the database answers."""
    with reading() as work:
        work.session.connection().exec_driver_sql("SELECT 1")
    return {"ok": True}, 200, {"Cache-Control": "no-store"}
