"""The grade table: its edges, the worst criterion, what it does not cover; and properties no table may break."""

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brand.kernel.errors import AppError
from brand.rules.grade_tables import CarcassClass, Criterion, Grade, nyt630_2002
from brand.rules.grading import Carcass, grade

TABLE = nyt630_2002()
RANK = {found: place for place, found in enumerate(Grade)}
MUTTON, LAMB, FAT_LAMB = CarcassClass
SEEN = ("marbling", "firmness", "fat_colour")


def result(kind, kg, cm=None, **seen):
    return grade(TABLE, Carcass(kind, Decimal(kg), None if cm is None else Decimal(cm), **seen))


def verdict(*args, **seen):
    found = result(*args, **seen)
    return found.grade.value, found.decided_by.value


# The ten trap rows of the sample sheet (rows 154–163), by their two measures.
@pytest.mark.parametrize(
    ("kg", "cm", "expected", "decided_by"),
    [
        ("25.0", "0.8", "special", "carcass_kg"),
        ("22.0", "0.5", "prime", "carcass_kg"),
        ("19.0", "0.3", "good", "carcass_kg"),
        ("28.0", "0.4", "good", "backfat_cm"),
        ("31.2", "1.0", "manual", "carcass_kg"),
        ("26.0", "1.35", "manual", "backfat_cm"),
        ("16.0", "0.29", "usable", "carcass_kg"),
        ("15.9", "0.2", "manual", "carcass_kg"),
        ("24.3", "0.54", "prime", "carcass_kg"),
        ("27.85", "1.12", "special", "carcass_kg"),
    ],
)
def test_sample_rows_by_weight_and_backfat(kg, cm, expected, decided_by):
    assert verdict(MUTTON, kg, cm) == (expected, decided_by)


# The same rows with everything the sheet says about them.
@pytest.mark.parametrize(
    ("kg", "cm", "marbling", "firmness", "fat_colour", "expected", "decided_by"),
    [
        ("25.0", "0.8", "none", "soft", "yellow", "usable", "marbling"),
        ("22.0", "0.5", "distinct", "fairly_firm", "white", "prime", "carcass_kg"),
        ("19.0", "0.3", "rich", "firm", "white", "good", "carcass_kg"),
        ("28.0", "0.4", "rich", "fairly_firm", "white", "good", "backfat_cm"),
        ("31.2", "1.0", "distinct", "fairly_firm", "white", "manual", "carcass_kg"),
        ("26.0", "1.35", "rich", "firm", "milk_white", "manual", "backfat_cm"),
        ("16.0", "0.29", "distinct", "fairly_firm", "pale_yellow", "usable", "carcass_kg"),
        ("15.9", "0.2", "distinct", "fairly_firm", "white", "manual", "carcass_kg"),
        ("24.3", "0.54", "slight", "slightly_soft", "white", "good", "marbling"),
        ("27.85", "1.12", "rich", "firm", "milk_white", "special", "carcass_kg"),
    ],
)
def test_sample_rows_in_full(kg, cm, marbling, firmness, fat_colour, expected, decided_by):
    found = result(MUTTON, kg, cm, marbling=marbling, firmness=firmness, lean_colour="deep_red", fat_colour=fat_colour)
    assert (found.grade, found.decided_by) == (expected, decided_by)
    assert found.not_assessed == ()
    assert (found.table, found.edition, found.to_be_checked) == ("NY/T 630-2002", "2002-12-30", False)


@pytest.mark.parametrize(
    ("kind", "kg", "cm", "expected"),
    [
        (MUTTON, "30", "1.2", "special"),
        (MUTTON, "30.01", "1.2", "manual"),
        (MUTTON, "30", "1.21", "manual"),
        (MUTTON, "24.99", "0.8", "prime"),
        (MUTTON, "16", "0", "usable"),
        (LAMB, "18", "0.5", "prime"),  # printed >18: the edge is the grade below's
        (LAMB, "18.01", "0.5", "special"),
        (LAMB, "18.01", "0.8", "special"),
        (LAMB, "18.01", "0.81", "manual"),
        (LAMB, "15", "0.3", "prime"),
        (LAMB, "14.99", "0.3", "good"),
        (LAMB, "12", "0.1", "good"),
        (LAMB, "9", "0.1", "usable"),
        (LAMB, "8.99", "0.1", "manual"),
        (FAT_LAMB, "16", None, "prime"),
        (FAT_LAMB, "16.01", None, "special"),
        (FAT_LAMB, "13", None, "prime"),
        (FAT_LAMB, "10", None, "good"),
        (FAT_LAMB, "7", None, "usable"),
        (FAT_LAMB, "6.99", None, "manual"),
    ],
)
def test_edges(kind, kg, cm, expected):
    assert verdict(kind, kg, cm)[0] == expected


def test_lamb_good_and_usable_differ_by_firmness_and_fat_colour_alone():
    seen = {"marbling": "none", "lean_colour": "deep_red"}
    assert verdict(LAMB, "13", "0.2", firmness="slightly_soft", fat_colour="pale_yellow", **seen)[0] == "good"
    assert verdict(LAMB, "13", "0.2", firmness="soft", fat_colour="pale_yellow", **seen) == ("usable", "firmness")
    assert verdict(LAMB, "13", "0.2", firmness="firm", fat_colour="yellow", **seen) == ("usable", "fat_colour")


def test_better_words_than_asked_meet_the_requirement():
    assert verdict(LAMB, "20", "0.6", marbling="rich")[0] == "special"


def test_lean_colour_is_deep_red_or_a_matter_for_a_person():
    assert verdict(MUTTON, "26", "1.0", lean_colour="deep_red")[0] == "special"
    assert verdict(MUTTON, "26", "1.0", lean_colour="light_red") == ("manual", "lean_colour")


def test_what_was_not_assessed_is_named_in_table_order():
    assert result(MUTTON, "26", "1.0", firmness="firm").not_assessed == ("marbling", "lean_colour", "fat_colour")
    # The table states no backfat for fat lambs: a measured one is kept out of the grade and said to be.
    assert result(FAT_LAMB, "17", "2.5").not_assessed == (
        "backfat_cm",
        "marbling",
        "firmness",
        "lean_colour",
        "fat_colour",
    )
    assert result(FAT_LAMB, "17", "2.5").grade is Grade.SPECIAL


def test_rows_from_memory_are_marked_to_be_checked():
    assert not result(FAT_LAMB, "17").to_be_checked
    assert result(FAT_LAMB, "14").to_be_checked
    assert result(FAT_LAMB, "17", fat_colour="white").to_be_checked
    assert result(FAT_LAMB, "5").to_be_checked
    assert not result(LAMB, "5", "0.1").to_be_checked


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"carcass_kg": Decimal("NaN")}, "grading.carcass_kg.not_a_number"),
        ({"carcass_kg": Decimal("Infinity")}, "grading.carcass_kg.not_a_number"),
        ({"carcass_kg": 25.0}, "grading.carcass_kg.not_a_number"),
        ({"carcass_kg": Decimal("-25")}, "grading.carcass_kg.not_positive"),
        ({"carcass_kg": Decimal("0")}, "grading.carcass_kg.not_positive"),
        ({"backfat_cm": Decimal("-0.1")}, "grading.backfat_cm.not_positive"),
        ({"backfat_cm": Decimal("sNaN")}, "grading.backfat_cm.not_a_number"),
        ({"backfat_cm": None}, "grading.backfat_cm.missing"),
        ({"marbling": "wonderful"}, "grading.marbling.word"),
        ({"firmness": ""}, "grading.firmness.word"),
        ({"fat_colour": "green"}, "grading.fat_colour.word"),
        ({"lean_colour": ""}, "grading.lean_colour.word"),
    ],
)
def test_impossible_values_are_refused(changes, code):
    carcass = Carcass(MUTTON, Decimal("25"), Decimal("0.8"))
    with pytest.raises(AppError) as caught:
        grade(TABLE, dataclasses.replace(carcass, **changes))
    assert caught.value.code == code


kinds = st.sampled_from(CarcassClass)
weights = st.decimals("0.01", "60", places=2)
fats = st.decimals("0", "3", places=2)
words = {name: st.none() | st.sampled_from(TABLE.scales[Criterion(name)]) for name in SEEN}
carcasses = st.builds(
    Carcass, kinds, weights, fats, lean_colour=st.sampled_from([None, "deep_red", "light_red"]), **words
)


def never_better_when_worse(engine, carcass, field, worse):
    before, after = engine(TABLE, carcass), engine(TABLE, dataclasses.replace(carcass, **{field: worse}))
    return RANK[after.grade] >= RANK[before.grade]


@given(carcasses, st.sampled_from(SEEN), st.data())
def test_a_worse_word_never_gives_a_better_grade(carcass, field, data):
    scale = TABLE.scales[Criterion(field)]
    value = getattr(carcass, field)
    worse = data.draw(st.sampled_from(scale[scale.index(value) :] if value else scale))
    assert never_better_when_worse(grade, carcass, field, worse)


@given(carcasses, weights)
def test_a_lighter_carcass_never_grades_better_inside_the_table(carcass, lighter):
    above = carcass.carcass_class is MUTTON and carcass.carcass_kg > 30
    if lighter <= carcass.carcass_kg and not above:
        assert never_better_when_worse(grade, carcass, "carcass_kg", lighter)


@given(carcasses, fats)
def test_less_fat_never_grades_better_inside_the_table(carcass, leaner):
    top = {MUTTON: Decimal("1.2"), LAMB: Decimal("0.8"), FAT_LAMB: Decimal("3")}[carcass.carcass_class]
    if leaner <= carcass.backfat_cm <= top:
        assert never_better_when_worse(grade, carcass, "backfat_cm", leaner)


@given(carcasses)
def test_outside_the_table_is_always_manual_and_never_special(carcass):
    heavy = carcass.carcass_class is MUTTON and carcass.carcass_kg > 30
    light = carcass.carcass_kg < {MUTTON: 16, LAMB: 9, FAT_LAMB: 7}[carcass.carcass_class]
    fat = carcass.backfat_cm > {MUTTON: Decimal("1.2"), LAMB: Decimal("0.8"), FAT_LAMB: 9}[carcass.carcass_class]
    if heavy or light or fat or carcass.lean_colour == "light_red":
        assert grade(TABLE, carcass).grade is Grade.MANUAL
    else:
        assert grade(TABLE, carcass).grade is not Grade.MANUAL


@given(carcasses)
def test_the_named_criterion_is_the_first_of_the_worst(carcass):
    found = grade(TABLE, carcass)
    worst = max(RANK[each] for each in found.by_criterion.values())
    assert RANK[found.grade] == worst
    assert found.decided_by == next(name for name, each in found.by_criterion.items() if RANK[each] == worst)
    assert {*found.by_criterion, *found.not_assessed} == set(Criterion)


def test_the_harness_catches_an_engine_that_prefers_yellow_fat():
    """The planted twin: an engine that reads one scale the wrong way round must be noticed."""

    def by_fat_colour_reversed(table, carcass):
        found = grade(table, carcass)
        return dataclasses.replace(found, grade=Grade.SPECIAL if carcass.fat_colour == "yellow" else found.grade)

    carcass = Carcass(MUTTON, Decimal("20"), Decimal("0.4"), fat_colour="white")
    assert not never_better_when_worse(by_fat_colour_reversed, carcass, "fat_colour", "yellow")
    assert never_better_when_worse(grade, carcass, "fat_colour", "yellow")


def test_every_class_states_every_grade_best_first_and_where_it_was_read():
    assert TABLE.source
    for rows in TABLE.classes.values():
        assert [row.grade for row in rows] == [Grade.SPECIAL, Grade.PRIME, Grade.GOOD, Grade.USABLE]
        assert len({frozenset(row.asks) for row in rows}) == 1
        assert all(row.confidence in {"S", "B"} for row in rows)
