"""What pages with lists share: the list as a file for a spreadsheet, and one step on several ticked rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from brand.edge import refusals
from brand.edge.files import saved
from brand.edge.languages import say
from brand.edge.pages import Form, render
from brand.edge.requests import actor, writing
from brand.kernel.delimited import write_csv
from brand.kernel.errors import invalid
from brand.kernel.paging import LARGEST_PAGE, Page
from brand.queries import several
from brand.rules.several import SeveralStep
from brand.schemas.several import SeveralIn
from brand.services.several import Outcome, step_each

T = TypeVar("T")
#: The page of a record the step is taken on, and what its id is called in the address.
_SHOWN = {
    SeveralStep.CONFIRM: ("enterprises.show", "enterprise_id"),
    SeveralStep.START_REVIEW: ("applications.show", "application_id"),
    SeveralStep.ACCEPT: ("complaints.show", "complaint_id"),
}
#: A file holds at most this many rows; a longer list is asked for in parts, by its filters.
MOST_ROWS = 20_000


def as_csv(
    name: str, columns: Sequence[str], fetch: Callable[[int, int], Page[T]], cells: Callable[[T], Iterable[object]]
) -> Response:
    """The whole list as ``<name>.csv``: ``fetch(number, size)`` reads one page of it, ``columns`` are source texts.

    The caller holds one read-only snapshot, so that no row is missed or told twice between the pages. Raises
    ``lists.too_long`` rather than leaving rows out in silence.
    """
    first = fetch(1, LARGEST_PAGE)
    if first.total > MOST_ROWS:
        raise invalid("lists.too_long", total=first.total, most=MOST_ROWS)
    pages = [first, *(fetch(number, LARGEST_PAGE) for number in range(2, first.pages + 1))]
    rows: list[Sequence[object]] = [[say(one) for one in columns]]
    rows += [list(cells(one)) for page in pages for one in page.rows]
    return saved(write_csv(rows), f"{name}.csv", "text/csv")


def take_several(step: SeveralStep, index: str) -> ResponseReturnValue:
    """The step on the rows ticked on the page, each by itself; the page of outcomes leads back to ``index``.

    Raises ``input.invalid`` (``several.nothing_chosen``) where no row is ticked, or a row is none.
    """
    chosen = Form(SeveralIn(), lists=("chosen",)).values()["chosen"]
    with writing() as work:
        found = step_each(work, step, chosen)
        titles = several.names(work.session, actor(), step, [one.id for one in found])
    refusals.note_each(found)
    return _outcomes(step, index, found, titles)


def _outcomes(
    step: SeveralStep, index: str, found: Sequence[Outcome], titles: Mapping[str, str]
) -> ResponseReturnValue:
    """What became of each ticked row. ``titles`` holds those the person may read; the others stay without a name."""
    show, key = _SHOWN[step]
    lines = [
        {
            "title": titles.get(one.id, "–"),
            "href": url_for(show, **dict[str, Any]({key: one.id})) if one.id in titles else None,
            "refusal": one.refusal,
        }
        for one in found
    ]
    done = sum(one.refusal is None for one in found)
    back_href = url_for(index, **dict[str, Any](request.args))
    return render("outcomes.html", title=say(f"several.{step}"), lines=lines, done=done, back_href=back_href)
