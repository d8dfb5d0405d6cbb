"""A document as JSON and back, so that it can be tried again without its file."""

import types
from dataclasses import asdict, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from integrations.onec.incoming.records import DocumentRecord


def document_kept(document: DocumentRecord) -> dict[str, Any]:
    """Plain data for a JSON column; dates and decimals are written by its encoder."""
    return asdict(document)


def document_restored(kept: dict[str, Any]) -> DocumentRecord:
    """The record again; what was not known when it was kept has its default.

    Raises ValueError, KeyError or TypeError for data of another version.
    """
    record: DocumentRecord = _record(DocumentRecord, kept)
    return record


def _record(cls: Any, kept: dict[str, Any]) -> Any:
    hints = get_type_hints(cls)
    known = (field.name for field in fields(cls) if field.name in kept)
    return cls(**{name: _value(hints[name], kept[name]) for name in known})


def _value(hint: Any, kept: Any) -> Any:
    if get_origin(hint) in {Union, types.UnionType}:
        if kept is None:
            return None
        hint = next(part for part in get_args(hint) if part is not types.NoneType)
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in kept)
    if is_dataclass(hint):
        return _record(hint, kept)
    if hint is datetime:
        return datetime.fromisoformat(kept)
    if hint is date:
        return date.fromisoformat(kept)
    return hint(kept) if hint is Decimal or issubclass(hint, Enum) else kept
