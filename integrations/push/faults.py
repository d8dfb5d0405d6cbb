"""What is wrong with a body or an item, in Russian: for the one who writes the exchange in 1C."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_MANY = 5

_WORDS = {
    "missing": "нет поля",
    "extra_forbidden": "неизвестное поле",
    "string_type": "нужна строка",
    "string_unicode": "строка не в UTF-8",
    "string_too_short": "пустая строка",
    "string_too_long": "длиннее {max_length} знаков",
    "string_pattern_mismatch": "не подходит по виду",
    "bool_type": "нужно true или false",
    "int_type": "нужно целое число",
    "list_type": "нужен список",
    "dict_type": "нужен объект",
    "model_type": "нужен объект",
    "model_attributes_type": "нужен объект",
    "too_long": "больше {max_length} элементов",
    "too_short": "пустой список",
    "greater_than": "должно быть больше {gt}",
    "greater_than_equal": "должно быть не меньше {ge}",
    "less_than_equal": "должно быть не больше {le}",
    "literal_error": "нужно одно из: {expected}",
    "uuid_type": "нужен UUID",
    "uuid_parsing": "нужен UUID",
    "is_instance_of": "нужен UUID",
}


def faults_told(error: ValidationError) -> str:
    """Say in one line what does not fit, each field by its path; the first few."""
    details = error.errors(include_url=False, include_input=False)
    told = [_told(detail) for detail in details[:_MANY]]
    more = len(details) - _MANY
    return "; ".join(told) + (f"; и ещё {more}" if more > 0 else "")


def _told(detail: ErrorDetails) -> str:
    path = printable(".".join(str(step) for step in detail["loc"]), 100)
    words = _words(detail["type"], detail.get("ctx", {}))
    return f"{path}: {words}" if path else words


def _words(kind: str, context: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(context.get("error", "не подходит"))
    if kind in {"too_long", "too_short"} and context.get("field_type") != "List":
        kind = f"string_{kind}"
    return _WORDS.get(kind, "не подходит").format_map(context)


def signs_fault(raw: Any) -> str:
    """Tell of signs anywhere in an item that no database keeps: NUL, halves of a surrogate pair."""
    left = [raw]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            left += value
        elif isinstance(value, str) and not _is_kept(value):
            return "в строке нулевой символ или половина суррогатной пары"
    return ""


def _is_kept(text: str) -> bool:
    try:
        return "\0" not in text and (text.isascii() or bool(text.encode()))
    except UnicodeEncodeError:
        return False


def printable(text: str, length: int) -> str:
    """Cut a foreign text and leave out what neither a database nor an answer takes."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:length])
