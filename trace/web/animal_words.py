"""The life of one animal told in the order it happened, for its page."""

from __future__ import annotations

from datetime import date
from typing import Any

from brand.edge.languages import say
from brand.edge.pages import day as shown_day
from brand.edge.pages import named
from brand.kernel.clock import local_day
from trace.queries.animals import Life
from trace.rules.weights import plain


def history(life: Life, today: date) -> list[dict[str, Any]]:
    """Steps of the timeline, oldest first: numbers, herds, what was given, certificates, slaughter."""
    animal = life.shown.animal
    steps: list[tuple[date, dict[str, Any]]] = []
    if animal.born_on is not None:
        steps.append((animal.born_on, {"title": say("Born"), "colour": "green"}))
    for number in life.numbers:
        kind = say(f"animal.id.{number.kind}")
        steps.append((number.since, {"title": f"{kind} {number.value}"}))
        if number.until is not None:
            steps.append((number.until, {"title": say("%(number)s no longer borne", number=number.value)}))
    for stay, herd, keeper in life.stays:
        steps.append((stay.since, {"title": say(f"animal.came.{stay.came}"), "text": herd.name, "who": named(keeper)}))
        if stay.until is not None and stay.left != "move":
            colour = "grey" if stay.left == "sale" else "blue"
            steps.append((stay.until, {"title": say(f"animal.left.{stay.left}"), "colour": colour}))
    for given in life.care:
        closed = given.closed_until
        text = say("closed until %(day)s inclusive", day=shown_day(closed)) if closed else say("no withdrawal period")
        colour = "amber" if closed is not None and closed >= today else "grey"
        title = f"{given.name} · {say('lot')} {given.lot}"
        steps.append((given.given_on, {"title": title, "text": text, "colour": colour}))
    for use, paper in life.papers:
        title = f"{say(f'quarantine.form.{paper.form}')} {paper.number}"
        steps.append((use.used_on, {"title": title, "text": say(f"quarantine.state.{paper.state}")}))
    if life.carcass is not None and life.batch is not None:
        weight = say("Carcass %(number)s of batch %(lot)s", number=life.carcass.carcass_no, lot=life.batch.lot)
        text = f"{weight} · {say('Hot, kg')} {plain(life.carcass.hot_kg)}"
        steps.append(
            (local_day(life.carcass.slaughtered_at), {"title": say("Carcass"), "text": text, "colour": "blue"})
        )
    ordered = sorted(steps, key=lambda step: step[0])
    return [{"when": shown_day(day), **told} for day, told in ordered]
