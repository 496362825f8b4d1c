"""The page of one pack in words: verdict, what to compare, chain, grade, tests, licence, how to complain.

Everything that all packs of one line share is rendered once per edition of their story and kept; the few words that
differ from scan to scan are holes in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import escape

from brand.edge import worded
from brand.edge.languages import language, say, telling
from brand.edge.lean import path
from brand.edge.pages import day, kg, moment, named, number
from brand.edge.requests import house
from brand.kernel.clock import local_day
from brand.queries.endorsements import Statement
from brand.rules.places import county
from trace.queries.packs import Story
from trace.queries.verification import MOST_COUNTED, Answer, Pack
from trace.rules.cuts import MEAT
from trace.rules.verdicts import Colour, Reason, Verdict
from trace.web import pack_card, pack_goods, pack_licence
from trace.web.batch_parts import cut_words
from trace.web.pack_grade import grades
from trace.web.pack_shelf import Kept, Pages, holes

Pair = tuple[str, Any]

_HOLES = holes(("code", "serial", "at", "zh", "en", "count", "first"))


def kept(
    pages: Pages, answer: Answer, addresses: Mapping[str, str], now: datetime, told: str, checked: Sequence[str]
) -> bytes | None:
    """The page of a known pack that a buyer may compare, in the language ``told``, where it is kept.

    ``checked``: names of the bodies outside the office that have checked a history with the pack's entry in it.
    """
    found = pages.peek(_key(answer, now, told, checked))
    return None if found is None else found.fill(_words(answer, addresses, now))


def page(
    pages: Pages,
    answer: Answer,
    addresses: Mapping[str, str],
    now: datetime,
    told: str,
    checked: Sequence[str],
    story: Callable[[], Story],
) -> bytes:
    """The same page, made of the ``story`` where none is kept; needs the application, and no request."""

    def make() -> str:
        with telling(told):
            return _render(answer, story(), checked)

    return pages.get(_key(answer, now, told, checked), lambda: Kept.cut(make())).fill(_words(answer, addresses, now))


def _key(answer: Answer, now: datetime, told: str, checked: Sequence[str]) -> object:
    """Whatever else than the words of this one scan decides what the page says."""
    pack = answer.pack
    assert pack is not None
    reasons = tuple((one.code, *one.params.values()) for one in answer.verdict.reasons)
    return (
        pack.pack_line_id,
        pack.edition,
        pack.licence_today,
        pack.second_code,
        local_day(now),  # status and endorsements can change by date alone, without any record moving
        told,
        answer.reading.typed,
        reasons,
        pack.log_entry,
        tuple(checked),
    )


def _words(answer: Answer, addresses: Mapping[str, str], now: datetime) -> dict[str, str]:
    """What is filled into the holes."""
    pack = answer.pack
    assert pack is not None
    return {
        _HOLES["code"]: answer.text,
        _HOLES["serial"]: answer.reading.serial,
        _HOLES["at"]: moment(now),
        _HOLES["zh"]: str(escape(addresses["zh"])),
        _HOLES["en"]: str(escape(addresses["en"])),
        _HOLES["count"]: f"{number(pack.scans)}{'+' if pack.scans >= MOST_COUNTED else ''}",
        _HOLES["first"]: _first(pack),
    }


def _first(pack: Pack) -> str:
    """When the code was first looked at, and in which county, where the server could know."""
    if pack.first_scan is None or not pack.first_place:
        return moment(pack.first_scan)
    seat = county(pack.first_place, local_day(pack.first_scan))
    return f"{moment(pack.first_scan)} · {seat.name}" if seat else moment(pack.first_scan)


def _render(answer: Answer, story: Story, checked: Sequence[str]) -> str:
    frames = frame({"zh": _HOLES["zh"], "en": _HOLES["en"]})
    return worded.render("scan/unit.html", **frames, **context(answer, story, checked))


def context(answer: Answer, story: Story, checked: Sequence[str]) -> dict[str, Any]:
    """What ``scan/unit.html`` asks for; what differs from scan to scan is a hole."""
    seen = answer.pack is not None and answer.pack.scans > 0
    return {
        "county": story.producer.county,
        "verdict": verdict(answer.verdict, pack_card.producer_name(story.licensee)),
        "compare": _compare(story),
        "mongolian": story.product.name_mn,
        "card": pack_card.card(story),
        "data": pack_card.data(story),
        "goods": pack_goods.part(story),
        "licence": pack_licence.part(story),
        "endorsements": [_endorsement(one) for one in story.endorsements],
        "scans": {"count": _HOLES["count"], "first": _HOLES["first"]} if seen else None,
        "serial": _HOLES["code"],
        "second": f"/second-code?code={_HOLES['code']}" if answer.pack is not None and answer.pack.second_code else "",
        "checked": {
            "at": _HOLES["at"],
            "level": say(f"scan.level.{_level(answer)}"),
            "record": _log_entry(answer, checked),
        },
        "complain": complain(_HOLES["code"]),
    }


def _log_entry(answer: Answer, checked: Sequence[str]) -> dict[str, str] | None:
    """Where the issue of the code stands in the log, who checked, and the proof to keep; none before it has a place."""
    place = answer.pack.log_entry if answer.pack is not None else None
    if place is None:
        return None
    text = say("scan.log_entry", place=number(place))
    if checked:
        text = say("scan.log_entry_checked", place=number(place), names=say("、").join(checked))
    return {"text": text, "proof": f"/api/v1/codes/{_HOLES['serial']}/proof"}


def frame(addresses: Mapping[str, str]) -> dict[str, Any]:
    """What ``base.html`` asks for, without looking at the reader's session."""
    here = language()
    tags = (("zh", "zh-CN", "中文"), ("en", "en", "EN"))
    languages = [{"code": tag, "name": name, "href": addresses[one], "current": one == here} for one, tag, name in tags]
    return {"lang": here, "languages": languages, "messages": []}


def verdict(found: Verdict, producer: str) -> dict[str, Any]:
    """The banner: a headline for the heaviest reason, then the reasons in their order; under red nothing but red."""
    red = found.colour is Colour.RED
    told = [one for one in found.reasons if not red or one.weight is Colour.RED]
    heaviest = found.reasons[0].code if found.reasons else ""
    green = found.colour is Colour.GREEN
    return {
        "colour": found.colour.value,
        "headline": say("verdicts.green" if green else f"{heaviest}.title"),
        "sentences": [sentence(one, producer) for one in told],
        "code": heaviest,
    }


def sentence(reason: Reason, producer: str) -> str:
    params = dict(reason.params)
    if "enterprise" in params:
        params["enterprise"] = producer
    return say(reason.code, **params)


def complain(code: str = "") -> dict[str, Any]:
    """Where to write and how to reach the office; ``code`` goes along so that nobody has to type it."""
    address = path("complain.new")
    return {"href": f"{address}?code={code}" if code else address, "office": house().settings.office_contact}


def _level(answer: Answer) -> str:
    if answer.reading.typed:
        return "typed"
    return "signed" if answer.reading.scanned.kid else "unsigned"


def _compare(story: Story) -> list[Pair]:
    line, graded = story.line, grades(story)
    return [
        (say("Product"), named(story.product)),
        goods(story),
        (say("Net weight"), kg(line.net_kg)),
        (say("Packed"), day(line.packed_on)),
        (say("Best before"), day(story.best_before)),
        (say("Keep"), line.storage),
        *([(say("Grade"), graded)] if graded else []),
        (say("Lot"), ("code", story.batch.lot)),
        (say("Producer"), pack_card.producer_name(story.licensee)),
        (say("Seal"), say("scan.seal")),
    ]


def goods(story: Story) -> Pair:
    """What is in the pack: a cut of meat, or the name under which other goods were packed."""
    return say("Cut") if story.batch.form in MEAT else say("Name of the goods"), cut_words(story.line.cut, story.naming)


def _endorsement(found: Statement) -> dict[str, Any]:
    """What an authority says of this batch or product, with its scope and time; never more than its own words."""
    one = found.endorsement
    return {
        "authority": one.authority,
        "statement": one.statement,
        "facts": [
            (say("For"), say("endorsement.of." + ("batch" if found.batch_code else "product"))),
            (say("Scope"), one.scope),
            (say("Term"), say("%(first)s to %(last)s", first=day(one.valid_from), last=day(one.valid_until))),
            (say("Number"), ("link", one.number, path("endorsements.show", number=one.number))),
            (say("Signed with the office's key"), ("code", one.kid)),
        ],
    }
