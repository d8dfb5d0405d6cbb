"""Payloads as plain JSON and back, and their hash."""

import hashlib
import json
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

Payload = TypeVar("Payload")


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(payload: Any) -> dict[str, Any]:
    """Turn a payload into plain JSON values: decimals are strings, dates are ISO."""
    data: dict[str, Any] = _adapter(payload.__class__).dump_python(payload, mode="json")
    return data


def from_json(kind: type[Payload], data: dict[str, Any]) -> Payload:
    """Read back what `to_json` wrote. Raises pydantic's ValidationError (a ValueError)."""
    payload: Payload = _adapter(cast(Any, kind)).validate_python(data)
    return payload


def payload_sha256(data: dict[str, Any]) -> str:
    """Hash JSON values in one canonical spelling: sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
