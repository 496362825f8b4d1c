"""The mother of all input shapes: unknown fields refused, texts cleaned once, every fault a code with a pointer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from brand.kernel.errors import Fault, invalid

_CODE = re.compile(r"^[a-z_]+(\.[a-z_]+)+$")
_CODES = {
    "Missing data for required field.": "input.required",
    "Field may not be null.": "input.required",
    "Unknown field.": "input.unknown_field",
    "Not a valid string.": "input.not_text",
    "Not a valid integer.": "input.not_whole_number",
    "Not a valid number.": "input.not_number",
    "Special numeric values (nan or infinity) are not permitted.": "input.not_number",
    "Number too large.": "input.not_number",
    "Not a valid boolean.": "input.not_yes_no",
    "Not a valid date.": "input.not_date",
    "Not a valid datetime.": "input.not_datetime",
    "Not a valid list.": "input.not_list",
    "Not a valid mapping type.": "input.not_object",
    "Invalid input type.": "input.not_object",
}
#: Marks that turn the order of what follows, so that a name reads as another (Unicode Standard Annex 9, section 2).
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
LARGEST_WEIGHT = Decimal("100000000")
_GRAM = Decimal("0.001")
_DIGITS = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")


class Shape(Schema):
    """Base of every schema that takes input or gives output."""

    class Meta:
        unknown = RAISE
        ordered = True

    def take(self, data: Any) -> dict[str, Any]:
        """The loaded values; raises ``input.invalid`` with one fault per field."""
        try:
            loaded: dict[str, Any] = self.load(data)
        except ValidationError as error:
            raise invalid("input.invalid", faults=faults_of(error.messages)) from error
        return loaded


def faults_of(messages: Any, pointer: str = "") -> list[Fault]:
    """marshmallow's nested messages as faults with JSON pointers."""
    if isinstance(messages, Mapping):
        return [one for key, inner in messages.items() for one in faults_of(inner, _below(pointer, key))]
    if isinstance(messages, list):
        return [one for inner in messages for one in faults_of(inner, pointer)]
    text = str(messages)
    return [Fault(text if _CODE.match(text) else _CODES.get(text, "input.not_accepted"), pointer)]


def _below(pointer: str, key: object) -> str:
    return pointer if key == "_schema" else f"{pointer}/{key}"


class Text(fields.String):
    """One line of text: NFC, trimmed, without control characters or lone surrogates."""

    def __init__(self, longest: int = 200, *, lines: bool = False, **options: Any) -> None:
        shortest = 1 if options.get("required") else 0
        lengths = [
            validate.Length(max=longest, error="input.too_long"),
            validate.Length(min=shortest, error="input.required"),
        ]
        super().__init__(validate=[*lengths, *options.pop("checks", ())], **options)
        self.lines = lines

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = str(super()._deserialize(value, attr, data, **kwargs))
        return clean(text, lines=self.lines)


def clean(text: str, *, lines: bool = False) -> str:
    """NFC and trimmed; raises ValidationError ``input.bad_characters`` for what no form field should hold."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    if any(map(partial(_hidden, lines=lines), text)):
        raise ValidationError("input.bad_characters")
    return text


def legible(text: str, *, lines: bool = False) -> str:
    """The same for a text that nobody can send in a better shape: what no field should hold shows as «·»."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").strip()
    return "".join("·" if _hidden(one, lines=lines) else one for one in text)


def _hidden(one: str, *, lines: bool) -> bool:
    if lines and one == "\n":
        return False
    return unicodedata.category(one) in ("Cc", "Cs", "Cn", "Co") or one in _TURNING


class Whole(fields.Integer):
    """A whole number between two bounds; full-width digits from a Chinese keyboard are welcome."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        bounds = validate.Range(least, most, error="input.out_of_range")
        super().__init__(strict=False, validate=bounds, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool | float) or (isinstance(value, str) and len(value) > 20):
            raise ValidationError("input.not_whole_number")
        return super()._deserialize(_half_width(value), attr, data, **kwargs)


class Figure(fields.Decimal):
    """A number in digits, as sheets take it: no exponent, at most ``places`` decimals; full-width is welcome."""

    def __init__(self, bounds: validate.Range, places: int, **options: Any) -> None:
        super().__init__(as_string=True, validate=bounds, **options)
        self.finest = Decimal(1).scaleb(-places)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Decimal:
        written = _half_width(value)
        if isinstance(written, str) and (len(written) > 30 or _DIGITS.fullmatch(written) is None):
            raise ValidationError("input.not_number")
        number: Decimal = super()._deserialize(written, attr, data, **kwargs)
        # The size is asked first: arithmetic on an exponent of a thousand million overflows instead of answering.
        if number.adjusted() > LARGEST_WEIGHT.adjusted():
            raise ValidationError("input.out_of_range")
        if number != number.quantize(self.finest):
            raise ValidationError("input.too_precise" if self.finest == _GRAM else "input.two_places")
        return number


class Kilograms(Figure):
    """A positive weight in kg with at most three decimals, as text or number."""

    def __init__(self, **options: Any) -> None:
        bounds = validate.Range(Decimal(0), LARGEST_WEIGHT, min_inclusive=False, error="input.out_of_range")
        super().__init__(bounds, 3, **options)


def _half_width(value: Any) -> Any:
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value


def one_of(choices: Iterable[Any], **options: Any) -> fields.String:
    """A field whose value is one of these, usually all of an enumeration."""
    allowed = [str(one) for one in choices]
    return fields.String(validate=validate.OneOf(allowed, error="input.not_a_choice"), **options)
