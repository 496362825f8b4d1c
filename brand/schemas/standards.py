"""Shapes of standards: what the office types about an edition, and what everybody may read of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from brand.rules import grade_table_forms
from brand.rules.grade_tables import MEASURED, CarcassClass, Criterion
from brand.rules.presets import Confidence
from brand.rules.standards import Section, StandardKind
from brand.schemas.shape import Shape, Text, Whole, one_of

Fields = dict[str, fields.Field[Any]]
LARGEST_VERSION = 1_000_000
LARGEST_CROWD = 10_000
_LABEL = validate.Regexp(r"^[A-Za-z0-9][A-Za-z0-9.-]*\Z", error="standards.label")


class EditionNewIn(Shape):
    """The beginning of an edition."""

    code = Text(60, required=True)
    label = Text(40, required=True, checks=(_LABEL,))
    based_on = Text(20, load_default="")


class WordsIn(Shape):
    """Everything an edition says beside its grade table and documents; sections flat, as a form has them."""

    version = Whole(1, LARGEST_VERSION, required=True)
    title = Text(120, load_default="")
    title_en = Text(120, load_default="")
    kind = one_of(StandardKind, required=True)
    issuer = Text(120, load_default="")
    issuer_en = Text(120, load_default="")
    advisory_group = Text(500, lines=True, load_default="")
    advisory_group_en = Text(500, lines=True, load_default="")
    effective_on = fields.Date(load_default=None)
    source = Text(500, load_default="")
    source_en = Text(500, load_default="")


def words_shape() -> WordsIn:
    """``WordsIn`` with two fields per section."""
    sections: Fields = {
        f"{one}_{language}": Text(2000, lines=True, load_default="") for one in Section for language in ("zh", "en")
    }
    shape: WordsIn = WordsIn.from_dict(sections)()  # type: ignore[assignment]
    return shape


def words_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of ``words_shape`` as entries of an edition."""
    sections = {one.value: {language: given[f"{one}_{language}"] for language in ("zh", "en")} for one in Section}
    plain = {name: value for name, value in given.items() if name in WordsIn().fields and name != "version"}
    day = plain.pop("effective_on")
    return {**plain, "effective_on": day.isoformat() if day else "", "sections": sections}


def typed_words(content: Mapping[str, Any]) -> dict[str, Any]:
    """An edition's entries as a form shows them."""
    sections = {
        f"{one}_{language}": content["sections"].get(one.value, {}).get(language, "")
        for one in Section
        for language in ("zh", "en")
    }
    return {**{name: content[name] for name in WordsIn().fields if name != "version"}, **sections}


def table_shape() -> Shape:
    """The head of a grade table."""
    texts: Fields = {name: Text(500, lines=True, load_default="") for name in grade_table_forms.HEAD}
    own: Fields = {
        "version": Whole(1, LARGEST_VERSION, required=True),
        "attribution_confidence": one_of(Confidence, required=True),
        "table_source": Text(500, lines=True, required=True),
    }
    return Shape.from_dict({**texts, **own})()  # type: ignore[return-value]


def class_shape() -> Shape:
    """The rows of one class: every cell a short text, judged by the rules."""
    cells: Fields = {"version": Whole(1, LARGEST_VERSION, required=True)}
    for grade in grade_table_forms.GRADES:
        cells[f"{grade}-confidence"] = one_of(Confidence, load_default="")
        for criterion in Criterion:
            for name in _cell_names(f"{grade}-{criterion}", measured=criterion in MEASURED):
                cells[name] = Text(20, load_default="")
    return Shape.from_dict(cells)()  # type: ignore[return-value]


def _cell_names(name: str, *, measured: bool) -> list[str]:
    return [f"{name}-{end}{edge}" for end in ("from", "to") for edge in ("", "_edge")] if measured else [name]


class VersionIn(Shape):
    """The version of the page the person saw."""

    version = Whole(1, LARGEST_VERSION, required=True)


class CommentedStepIn(VersionIn):
    comment = Text(1000, lines=True, load_default="")


class EditionsIn(Shape):
    """What the office's list may be asked for."""

    state = Text(20, load_default="")


class TrialIn(Shape):
    """One carcass to try a table on."""

    carcass_class = one_of(CarcassClass, required=True)
    carcass_kg = fields.Decimal(required=True)
    backfat_cm = fields.Decimal(load_default=None)
    marbling = Text(20, load_default=None)
    firmness = Text(20, load_default=None)
    lean_colour = Text(20, load_default=None)
    fat_colour = Text(20, load_default=None)


class EnrolmentIn(Shape):
    """A batch in which enterprises adopt an edition."""

    edition_id = Text(20, required=True)
    name = Text(60, required=True)
    opens_on = fields.Date(required=True)
    closes_on = fields.Date(required=True)


class AdoptIn(Shape):
    enterprise_id = Text(20, required=True)


class TrainingIn(Shape):
    """A training meeting."""

    standard_id = Text(20, required=True)
    title = Text(120, required=True)
    held_on = fields.Date(required=True)
    place = Text(120, required=True)
    trainer = Text(60, required=True)


class AttendanceIn(Shape):
    """How many people of an enterprise came."""

    enterprise_id = Text(20, required=True)
    people = Whole(0, LARGEST_CROWD, required=True)


class StandardEditionOut(Shape):
    """One published edition in a list."""

    edition = fields.String(attribute="edition.label")
    title = fields.String(attribute="content.title")
    title_en = fields.String(attribute="content.title_en")
    state = fields.String(attribute="edition.state")
    effective_on = fields.Date()
    in_force = fields.Boolean()
    digest = fields.String(attribute="written.digest")
    adopters = fields.Integer()


class StandardRowOut(Shape):
    """One standard of the library."""

    code = fields.String(attribute="standard.code")
    address = fields.String(attribute="standard.slug")
    current = fields.Nested(StandardEditionOut)
    editions = fields.List(fields.Nested(StandardEditionOut))


class StandardsOut(Shape):
    rows = fields.List(fields.Nested(StandardRowOut))


class StandardWholeOut(Shape):
    """One edition with every word: ``content`` is what the digest covers, the grade table in its own JSON form."""

    code = fields.String(attribute="standard.code")
    address = fields.String(attribute="standard.slug")
    edition = fields.String(attribute="edition.label")
    state = fields.String(attribute="edition.state")
    effective_on = fields.Date()
    in_force = fields.Boolean()
    digest = fields.String(attribute="written.digest")
    adopters = fields.Integer()
    content = fields.Dict()
