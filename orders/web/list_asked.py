"""A list of the catalogue as it is kept with a watch."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from catalog.web.choice import Choice


def list_asked(choice: Choice, section_id: int | None) -> dict[str, Any]:
    """The choice as JSON for `orders.selectors.list_watches.list_goods`; looks and order are left out."""
    asked: dict[str, Any] = {
        "section": section_id,
        "search": choice.search,
        "literal": choice.is_literal,
        "brands": list(choice.brands),
        "values": {str(pk): list(texts) for pk, texts in choice.values},
        "ranges": {str(pk): [_float(span.low), _float(span.high)] for pk, span in choice.ranges},
        "price": [_text(choice.price.low), _text(choice.price.high)] if choice.price else None,
        "warehouses": list(choice.warehouses),
        "application": asdict(choice.application) if choice.application else {},
    }
    return {name: value for name, value in asked.items() if value}


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{min(number, Decimal(10) ** 12):f}"
