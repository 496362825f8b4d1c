"""Reads the carcass sheet of a slaughter day: one carcass a row, checked cell by cell and against itself.

Source: slaughterhouse sheets as received, words of NY/T 630-2002, of cattle the levels of NY/T 676-2010 (marbling 1–5,
colours 1–8; read in secondary pages); the bounds of single weights are plausibility bounds of ours, and lean colours
beside deep red are words people write, graded by hand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from brand.kernel.errors import Fault
from trace.formats.carcass_checks import Contradiction, contradictions, repeated, tag_faults
from trace.formats.cells import Identifier, Moment, Number, Text, Whole, Words, shown_moment
from trace.formats.columns import Column
from trace.formats.lines import in_reading_order, read_lines
from trace.formats.tables import read_table
from trace.formats.templates import write_template
from trace.rules.ear_tags import Species, species_of

SEXES = Words({"公": "ram", "母": "ewe", "羯": "wether", "公羊": "ram", "母羊": "ewe", "羯羊": "wether"})
MARBLINGS = Words({"丰富": "rich", "明显": "distinct", "略有": "slight", "无": "none"})
FIRMNESSES = Words({"坚实": "firm", "较坚实": "fairly_firm", "略软": "slightly_soft", "软": "soft"})
LEAN_COLOURS = Words(
    {"深红色": "deep_red", "鲜红色": "bright_red", "浅红色": "light_red", "暗红色": "dark_red"}
    | {"深红": "deep_red", "鲜红": "bright_red", "浅红": "light_red", "淡红色": "light_red", "暗红": "dark_red"}
)
FAT_COLOURS = Words(
    {"乳白色": "milk_white", "白色": "white", "浅黄色": "pale_yellow", "黄色": "yellow"}
    | {"乳白": "milk_white", "白": "white", "浅黄": "pale_yellow", "淡黄色": "pale_yellow", "黄": "yellow"}
)
CARCASS_KG = Number(Decimal(1), Decimal(150), 3)
COLUMNS = (
    Column("ear_tag", "耳标号", Identifier(), ("耳标", "耳号", "畜禽标识", "畜禽标识号")),
    Column("breed", "品种", Text(40)),
    Column("sex", "性别", SEXES, ("公母",)),
    Column("age_months", "月龄", Whole(0, 240)),
    Column("incisor_pairs", "永久门齿对数", Whole(0, 4), ("门齿对数", "永久齿对数")),
    Column("live_kg", "宰前活重(kg)", Number(Decimal(1), Decimal(250), 3), ("活重(kg)", "活体重(kg)")),
    Column("hot_kg", "热胴体重(kg)", CARCASS_KG, ("热胴体重量(kg)", "热体重(kg)", "热重(kg)")),
    Column("cold_kg", "冷胴体重(kg)", CARCASS_KG, ("冷胴体重量(kg)", "排酸后重(kg)", "冷重(kg)")),
    Column("backfat_cm", "背膘厚(cm)", Number(Decimal(0), Decimal(10), 2), ("背膘厚度(cm)", "膘厚(cm)")),
    Column("marbling", "大理石纹", MARBLINGS, ("大理石花纹",)),
    Column("firmness", "脂肪和肌肉硬实度", FIRMNESSES, ("硬实度",)),
    Column("lean_colour", "肌肉颜色", LEAN_COLOURS, ("肉色",)),
    Column("fat_colour", "脂肪颜色", FAT_COLOURS, ("脂肪色",)),
    Column("slaughtered_at", "屠宰时间", Moment(), ("宰杀时间",)),
    Column("carcass_no", "胴体号", Identifier(), ("胴体编号",)),
    Column("grader", "评级员工号", Identifier(), ("评级员", "评级员编号")),
    Column("remark", "备注", Text(), ("说明",), required=False),
)


def _levels(most: int) -> Words:
    """The levels of a scale of the beef standard, written as its number with or without 级."""
    return Words({f"{level}{tail}": f"level_{level}" for tail in ("级", "") for level in range(1, most + 1)})


_CATTLE_KG = Number(Decimal(1), Decimal(1200), 3)
_OF_CATTLE: dict[str, Any] = {
    "sex": Words(
        {"公": "male", "母": "female", "阉": "castrated", "公牛": "male", "母牛": "female", "阉牛": "castrated"}
    ),
    "live_kg": Number(Decimal(1), Decimal(2000), 3),
    "hot_kg": _CATTLE_KG,
    "cold_kg": _CATTLE_KG,
    "marbling": _levels(5),
    "lean_colour": _levels(8),
    "fat_colour": _levels(8),
}
#: The same sheet for cattle. Firmness is no part of what was read of the beef standard, so it may be left out.
CATTLE_COLUMNS = tuple(
    replace(one, kind=_OF_CATTLE.get(one.field, one.kind), required=one.required and one.field != "firmness")
    for one in COLUMNS
)
COLUMNS_OF = {Species.SHEEP: COLUMNS, Species.CATTLE: CATTLE_COLUMNS}
#: What a row says where a cell that may be empty is.
_EMPTY: dict[str, Any] = {"firmness": ""}


@dataclass(frozen=True)
class CarcassRow:
    """One carcass: weights in kg, backfat in cm, words as the grading rules spell them, moment in UTC."""

    row: int
    ear_tag: str
    breed: str
    sex: str
    age_months: int
    incisor_pairs: int
    live_kg: Decimal
    hot_kg: Decimal
    cold_kg: Decimal
    backfat_cm: Decimal
    marbling: str
    firmness: str
    lean_colour: str
    fat_colour: str
    slaughtered_at: datetime
    carcass_no: str
    grader: str
    remark: str = ""


@dataclass(frozen=True)
class CarcassSheet:
    """What a carcass sheet says.

    ``rows`` are the rows whose every cell could be read, ``count`` all filled rows. ``doubts`` are contradictions that
    rest on a figure *we* had to normalise (``１８.３`` read as 18.3): the cell itself is accepted, so blaming it would
    be our reading against the person's writing, yet the result cannot be true. They are put as questions, beside the
    faults, and an import with doubts is refused exactly like one with faults: nothing impossible is ever stored.
    """

    rows: tuple[CarcassRow, ...]
    faults: tuple[Fault, ...]
    doubts: tuple[Fault, ...]
    count: int
    ignored: tuple[str, ...]
    digest: str
    species: Species = Species.SHEEP

    @property
    def accepted(self) -> bool:
        """Whether the sheet may be imported as a whole."""
        return not self.faults and not self.doubts


def read_carcasses(data: bytes, name: str) -> CarcassSheet:
    """Carcasses of an uploaded file; raises ``tables.*`` only where the file is no table at all."""
    table = read_table(data, name)
    found = read_lines(table, COLUMNS)
    species = species_of(line.values["ear_tag"] for line in found.lines if "ear_tag" in line.values)
    if species is not Species.SHEEP:
        found = read_lines(table, COLUMNS_OF[species])
    rows = tuple(CarcassRow(line.number, **{**_EMPTY, **line.values}) for line in found.lines if line.complete)
    clashes = contradictions(found, species)
    faults = [
        *found.faults,
        *tag_faults(found, species),
        *repeated(found, "ear_tag", "carcasses.tag_twice"),
        *repeated(found, "carcass_no", "carcasses.number_twice"),
        *(clash.fault for clash in clashes if clash.doubt is None),
    ]
    return CarcassSheet(
        rows,
        in_reading_order(faults),
        _doubts(clashes),
        len(found.lines),
        found.ignored,
        hashlib.sha256(data).hexdigest(),
        species,
    )


def _doubts(clashes: Sequence[Contradiction]) -> tuple[Fault, ...]:
    return in_reading_order([clash.doubt for clash in clashes if clash.doubt is not None])


def carcass_template(filled: Sequence[CarcassRow] = (), species: Species = Species.SHEEP) -> bytes:
    """The sheet to fill in, or the given carcasses written back in the same columns."""
    columns = COLUMNS_OF[species]
    name = "carcasses" if species is Species.SHEEP else f"carcasses_{species}"
    return write_template(name, columns, [[_written(row, column) for column in columns] for row in filled])


def _written(row: CarcassRow, column: Column) -> object:
    value = getattr(row, column.field)
    if isinstance(column.kind, Words):
        return column.kind.first_words.get(value, value)
    return shown_moment(value) if isinstance(value, datetime) else value
