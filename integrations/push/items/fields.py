"""Values of the JSON channel: decimals without floats, days, moments with an offset, ids of 1C."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from integrations.onec.texts import external_key

_MOST = Decimal(10) ** 13
_FIRST_YEAR, _LAST_YEAR = 1990, 2200  # 0001-01-01 is 1C's empty date


class Item(BaseModel):
    """One thing of a stream; a field with a wrong name is refused, else its value would be lost unseen."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


def _decimal(value: object) -> Decimal:
    """A number or a string with a number; a float has lost digits already and is not taken."""
    if isinstance(value, bool | float) or not isinstance(value, Decimal | int | str):
        raise ValueError("нужно число или строка с числом")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError("нужно число или строка с числом") from None
    if not number.is_finite() or abs(number) >= _MOST:
        raise ValueError("число слишком велико")
    return number


def _kopecks(value: Decimal) -> Decimal:
    if value != round(value, 2):
        raise ValueError("в сумме не больше двух знаков после точки")
    return round(value, 2)


def _not_negative(value: Decimal) -> Decimal:
    if value < 0:
        raise ValueError("число не может быть отрицательным")
    return value


def _day(value: object) -> object:
    """YYYY-MM-DD, or a moment of which the day is taken; 1C's empty date is none."""
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        raise ValueError("нужна дата ГГГГ-ММ-ДД")
    try:
        found = date.fromisoformat(value[:10])
    except ValueError:
        raise ValueError("нужна дата ГГГГ-ММ-ДД") from None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _moment(value: object) -> object:
    if value in (None, ""):
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError("нужен момент с поясом: 2026-11-27T14:05:00+03:00") from None
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise ValueError("нужен момент с поясом: 2026-11-27T14:05:00+03:00")
    return value if _FIRST_YEAR <= value.year <= _LAST_YEAR else None


def _text(value: object) -> object:
    """1C writes numbers of documents as strings, and no value as null."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    if not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value):
        raise ValueError("в тексте недопустимые символы")
    return value.replace("\x00", "").strip()


Number = Annotated[Decimal, BeforeValidator(_decimal)]
Sum = Annotated[Number, AfterValidator(_kopecks)]
PositiveSum = Annotated[Sum, AfterValidator(_not_negative)]
Quantity = Annotated[Number, AfterValidator(_not_negative)]
Day = Annotated[date | None, BeforeValidator(_day)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Text = Annotated[str, BeforeValidator(_text)]
Ref = Annotated[
    str, BeforeValidator(_text), Field(min_length=1, max_length=170), AfterValidator(external_key)
]
MaybeRef = Annotated[str, BeforeValidator(_text), Field(max_length=170), AfterValidator(external_key)]
