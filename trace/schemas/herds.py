"""Shapes of herds and animals as their keepers write them, on pages and over the API."""

from __future__ import annotations

from marshmallow import fields

from brand.schemas.shape import Shape, Text, Whole, one_of
from trace.rules.animals import Birth, IdKind, Leaving, Sex
from trace.rules.ear_tags import Species

#: Animals in one call; more come by sheet.
MOST_AT_ONCE = 500


class HerdsIn(Shape):
    """What the list of herds may be asked for."""

    q = Text(60, load_default="")
    page = Whole(1, 1_000_000, load_default=1)
    size = Whole(1, 200, load_default=25)


class HerdAnimalsIn(HerdsIn):
    """The animals of one herd; ``q`` is a piece of a number, the last digits mostly."""


class HerdEditIn(Shape):
    """What may be changed of a herd; ``version`` is the one the sender saw."""

    version = Whole(1, 10**9, required=True)
    name = Text(60, required=True)
    breed = Text(40, load_default="")
    township_code = Text(9, required=True)


class HerdIn(Shape):
    """A new herd; ``code`` is its keeper's own short name for it, used in sheets."""

    code = Text(20, required=True)
    name = Text(60, required=True)
    species = one_of(Species, required=True)
    breed = Text(40, load_default="")
    township_code = Text(9, required=True)
    since = fields.Date(required=True)


class HerdCloseIn(Shape):
    version = Whole(1, 10**9, required=True)
    day = fields.Date(required=True)


class HerdWithdrawIn(Shape):
    """Why something said of a herd's animals never was."""

    reason = Text(200, required=True)


class HerdEventOut(Shape):
    """What happened to a herd, and the event it says never was, if it does."""

    id = fields.String()
    kind = fields.String()
    event_time = fields.AwareDateTime(format="iso")
    record_time = fields.AwareDateTime(format="iso")
    late = fields.Boolean()
    corrects_id = fields.String(allow_none=True)
    data = fields.Dict()


class HerdEventsOut(Shape):
    """The latest, the last first."""

    rows = fields.List(fields.Nested(HerdEventOut))


class HerdOut(HerdIn):
    """A herd; ``head`` is counted, never stated."""

    id = fields.String()
    enterprise_id = fields.String()
    enterprise = fields.String()
    township = fields.String()
    head = fields.Integer()
    closed_on = fields.Date(allow_none=True)
    version = fields.Integer()


class HerdPageOut(Shape):
    rows = fields.List(fields.Nested(HerdOut))
    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()


class AnimalIn(Shape):
    """One animal that comes; at least one number."""

    ear_tag = Text(30, load_default="")
    own_number = Text(40, load_default="")
    association = Text(40, load_default="")
    sex = one_of(Sex, required=True)
    breed = Text(40, load_default="")
    born_on = fields.Date(load_default=None)
    birth = one_of(Birth, load_default=Birth.DAY.value)


class ArrivalsIn(Shape):
    """Animals born (``birth``), bought (``purchase``) or there when the herd is first written down (``recorded``)."""

    coming = Text(10, required=True)
    day = fields.Date(required=True)
    note = Text(120, load_default="")
    animals = fields.List(fields.Nested(AnimalIn), required=True)


class ArrivalsPage(Shape):
    """The same on a page: numbers one on a line, everything else for all of them."""

    coming = Text(10, required=True)
    day = fields.Date(required=True)
    note = Text(120, load_default="")
    number_kind = one_of(IdKind, load_default=IdKind.EAR_TAG.value)
    numbers = Text(20_000, lines=True, required=True)
    sex = one_of(Sex, required=True)
    breed = Text(40, load_default="")
    born_on = fields.Date(load_default=None)
    birth = one_of(Birth, load_default=Birth.DAY.value)


class NumbersIn(Shape):
    """Animals of a herd named by whole numbers or last digits."""

    numbers = Text(20_000, lines=True, required=True)


class AskIn(Shape):
    """«May these go to slaughter?» No numbers: the whole herd. No day: today."""

    numbers = Text(20_000, lines=True, load_default="")
    day = fields.Date(load_default=None)


class MovePage(NumbersIn):
    day = fields.Date(required=True)
    to_herd_id = Text(20, required=True)


class LeavePage(NumbersIn):
    day = fields.Date(required=True)
    leaving = one_of(Leaving, required=True)
    note = Text(120, load_default="")
    buyer_code = Text(30, load_default="")


class MoveIn(Shape):
    """Animals by id into another herd of the same enterprise."""

    day = fields.Date(required=True)
    to_herd_id = Text(20, required=True)
    animals = fields.List(Text(20), required=True)


class LeaveIn(Shape):
    """Animals by id that died, were sold or are lost; ``buyer_code`` is the credit code of a registered buyer."""

    day = fields.Date(required=True)
    leaving = one_of(Leaving, required=True)
    note = Text(120, load_default="")
    buyer_code = Text(30, load_default="")
    animals = fields.List(Text(20), required=True)


class NumberIn(Shape):
    """Another number of an animal; a new ear tag ends the old one, which stays with its dates."""

    version = Whole(1, 10**9, required=True)
    kind = one_of(IdKind, required=True)
    value = Text(40, required=True)
    day = fields.Date(required=True)


class FoundIn(Shape):
    herd_id = Text(20, required=True)
    day = fields.Date(required=True)


class AnimalIdOut(Shape):
    kind = fields.String()
    value = fields.String()
    since = fields.Date()
    until = fields.Date(allow_none=True)


class StayOut(Shape):
    herd_id = fields.String()
    herd = fields.String()
    enterprise = fields.String()
    since = fields.Date()
    until = fields.Date(allow_none=True)
    came = fields.String()
    left = fields.String(allow_none=True)


class UseOut(Shape):
    """What closes slaughter: ``closed_until`` is the last closed day."""

    medicine = fields.String()
    lot = fields.String()
    given_on = fields.Date()
    closed_until = fields.Date()


class AnimalOut(Shape):
    """One animal in a list."""

    id = fields.String()
    numbers = fields.Dict(keys=fields.String(), values=fields.String())
    sex = fields.String()
    breed = fields.String()
    born_on = fields.Date(allow_none=True)
    birth = fields.String()
    state = fields.String()
    state_on = fields.Date()
    version = fields.Integer()
    closed_by = fields.List(fields.Nested(UseOut))


class AnimalPageOut(Shape):
    rows = fields.List(fields.Nested(AnimalOut))
    number = fields.Integer()
    size = fields.Integer()
    total = fields.Integer()


class AnimalWhole(AnimalOut):
    """Everything recorded of one animal."""

    ids = fields.List(fields.Nested(AnimalIdOut))
    stays = fields.List(fields.Nested(StayOut))
    batch_id = fields.String(allow_none=True)
    carcass_no = fields.String(allow_none=True)


class ArrivedOut(Shape):
    """Ids of the animals, in the order they were sent."""

    animals = fields.List(fields.String())


class CountOut(Shape):
    head = fields.Integer()


class AnswerLineOut(Shape):
    animal_id = fields.String()
    number = fields.String()
    may_go = fields.Boolean()
    reasons = fields.List(fields.Dict())


class AnswerOut(Shape):
    """The answer for one day; every animal with what stands against it."""

    day = fields.Date()
    rows = fields.List(fields.Nested(AnswerLineOut))
