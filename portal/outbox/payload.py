"""Frozen dataclasses to JSON and back; the field types that a job row can carry."""

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

Payload = TypeVar("Payload")

_FROM_JSON: dict[Any, Callable[[Any], Any]] = {
    int: int,
    str: str,
    bool: bool,
    Decimal: Decimal,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    UUID: UUID,
}


class PayloadMismatch(Exception):
    """The stored payload does not fit the class that should read it."""


def encode(payload: object) -> dict[str, Any]:
    """Turn a payload into JSON values: Decimal and UUID as text, dates in ISO form."""
    return {name: _to_json(getattr(payload, name)) for name in field_types(type(payload))}


def decode(cls: type[Payload], stored: dict[str, Any]) -> Payload:
    """Rebuild a payload. Raises PayloadMismatch.

    Unknown keys are left out and missing ones take their default, so that two versions of the
    program that run side by side during an update understand each other.
    """
    hints = field_types(cls)
    try:
        return cls(**{name: _from_json(hints[name], stored[name]) for name in hints if name in stored})
    except (TypeError, ValueError, ArithmeticError) as error:
        raise PayloadMismatch(f"{cls.__name__}: {error}") from error


def field_types(cls: type) -> dict[str, Any]:
    """Name the fields of a payload class with their types. Raises TypeError for what a job cannot keep."""
    return _checked_types(cls)


@cache
def _checked_types(cls: Any) -> dict[str, Any]:
    if not (isinstance(cls, type) and is_dataclass(cls) and _is_frozen(cls)):
        raise TypeError(f"{cls.__name__} must be a frozen dataclass")
    hints = get_type_hints(cls)
    named = {field.name: hints[field.name] for field in fields(cls)}
    for name, hint in named.items():
        if not _is_supported(hint):
            raise TypeError(f"{cls.__name__}.{name}: a job cannot keep {hint}")
    return named


def _is_frozen(cls: Any) -> bool:
    return bool(cls.__dataclass_params__.frozen)


def _is_supported(hint: Any) -> bool:
    if _is_optional(hint):
        return all(_is_supported(part) for part in get_args(hint) if part is not types.NoneType)
    if get_origin(hint) is tuple:
        item, *rest = get_args(hint)
        return rest == [Ellipsis] and _is_supported(item)
    return hint in _FROM_JSON or _is_enum(hint)


def _is_optional(hint: Any) -> bool:
    parts = get_args(hint)
    return get_origin(hint) in {Union, types.UnionType} and len(parts) == 2 and types.NoneType in parts


def _is_enum(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Enum)


def _to_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_to_json(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _from_json(hint: Any, value: Any) -> Any:
    if _is_optional(hint):
        if value is None:
            return None
        hint = next(part for part in get_args(hint) if part is not types.NoneType)
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        return tuple(_from_json(item, part) for part in value)
    if value is None:
        raise ValueError("an empty value where one is needed")
    return hint(value) if _is_enum(hint) else _FROM_JSON[hint](value)
