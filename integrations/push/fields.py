"""Kinds of values in JSON of 1C: strict, without a float anywhere; words of refusal are for an integrator."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema

from integrations.onec.texts import external_key, plain_number

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T[0-9:.]+)?")
_EMPTY_DAY = "0001-01-01"  # how 1C writes a date that is not there
_MOST_DIGITS = 15
_KOPECK = Decimal("0.01")


class Item(BaseModel):
    """What all items share: nothing is guessed, an unknown field is told of and not passed over."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


def uuid_read(value: Any) -> UUID:
    """Raises ValueError."""
    try:
        return UUID(value)
    except (ValueError, AttributeError, TypeError):
        raise ValueError("нужен UUID") from None


def _text(value: Any) -> Any:
    """One line."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _ref(value: Any) -> Any:
    return external_key(value) if isinstance(value, str) else value


def number_read(value: Any) -> Decimal:
    """A number or a string with one, however many digits stand after the point. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("нужно число или строка с числом")
    digits = plain_number(value) if isinstance(value, str) else value
    if digits is None:
        raise ValueError("это не число")
    number = Decimal(digits)
    # By its digits: 1e9999999 fits no arithmetic.
    if not number.is_finite() or number.adjusted() >= _MOST_DIGITS:
        raise ValueError("слишком большое число")
    return number


def _money(value: Any) -> Decimal:
    """Whole kopecks only."""
    number = number_read(value)
    if number != number.quantize(_KOPECK):
        raise ValueError("больше двух знаков после запятой")
    return number.quantize(_KOPECK) + 0  # no minus before nought


def _day(value: Any) -> date | None:
    if value is None or value == "":
        return None
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("нужна дата вида 2026-11-27")
    if found[1] == _EMPTY_DAY:
        return None
    try:
        return date.fromisoformat(found[1])
    except ValueError:
        raise ValueError("такой даты нет") from None


def _moment(value: Any) -> datetime:
    """In UTC: the database takes no offset of +23:59, which is one in ISO 8601."""
    try:
        moment = datetime.fromisoformat(value)
        is_known = moment.utcoffset() is not None and moment.astimezone().year > 1
    except (TypeError, ValueError, OverflowError):
        raise ValueError("нужен момент вида 2026-11-27T14:05:00+03:00") from None
    if not is_known:
        raise ValueError("у момента нет смещения от UTC, например +03:00")
    return moment.astimezone(UTC)


def _currency(value: Any) -> Any:
    return value.strip().upper() if isinstance(value, str) else value


Ref = Annotated[
    str, BeforeValidator(_ref), BeforeValidator(_text), StringConstraints(min_length=1, max_length=170)
]
"""An id of 1C; a GUID in lower case."""

OptionalRef = Annotated[str, BeforeValidator(_ref), BeforeValidator(_text), StringConstraints(max_length=170)]
"""An id or nothing; the empty GUID is nothing."""

Text = Annotated[str, BeforeValidator(_text)]
"""One line; each field adds how long it may be."""

Money = Annotated[
    Decimal,
    BeforeValidator(_money),
    WithJsonSchema(
        {"type": ["string", "number"], "examples": ["1234.50"], "description": "Не больше двух знаков"}
    ),
]
Day = Annotated[
    date | None,
    BeforeValidator(_day),
    WithJsonSchema({"type": ["string", "null"], "format": "date", "examples": ["2026-11-27"]}),
]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-27T14:05:00+03:00"]}),
]
Currency = Annotated[str, BeforeValidator(_currency), StringConstraints(pattern=r"^[A-Z]{3}$")]
"""Three Latin letters, as in ISO 4217."""
