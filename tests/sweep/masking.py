"""Answers made comparable: without what differs from one to the next, and without the question's words."""

import re
from collections.abc import Mapping

_SHORTEST_REPEATED = 6
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SECRET = re.compile(
    r'(csrfmiddlewaretoken" value=|nonce=|nonce-|X-CSRFToken)\S+'
    # New at every showing: the picture of a one-time key, the question to a passkey.
    r'|data:image/svg\+xml;base64,[^"]+|"challenge": "[^"]+"'
    r"|[A-Za-z0-9]{32,}"
)


def masked(text: str) -> str:
    """An answer without secrets, ids and numbers."""
    return re.sub(r"\d+", "#", _SECRET.sub("#", _UUID.sub("#", text)))


def unsaid(text: str, data: Mapping[str, object]) -> str:
    """An answer without what the question itself said: pages repeat what was typed."""
    for value in data.values():
        if isinstance(value, str) and len(value) >= _SHORTEST_REPEATED:
            text = text.replace(value, "")
    return text


def difference(one: str, other: str) -> str:
    """Where two answers part, for the report."""
    if one == other:
        return ""
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    around = slice(max(at - 30, 0), at + 40)
    return f" {one[around]!r} / {other[around]!r}"
