"""Offers that came before their goods: kept, complemented by later ones, taken when the good appears."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from psycopg.types.json import Jsonb

from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.sql import fetch, run
from integrations.onec.reading.records import ExpectedRow, OfferRecord, PriceRow
from integrations.onec.texts import joined_key

# A later offer that is silent of prices or stock leaves what an earlier one has said.
_KEEP = """
INSERT INTO integrations_pendingoffer (node_id, external_id, product_external_id, payload, received_at)
SELECT %s, told.* , %s FROM unnest(%s::text[], %s::text[], %s::jsonb[]) AS told (own, product, payload)
ON CONFLICT (node_id, external_id)
DO UPDATE SET payload = integrations_pendingoffer.payload || EXCLUDED.payload,
              received_at = EXCLUDED.received_at
        WHERE integrations_pendingoffer.payload IS DISTINCT FROM
              integrations_pendingoffer.payload || EXCLUDED.payload
"""
_TAKE = """
DELETE FROM integrations_pendingoffer WHERE node_id = %s AND product_external_id = ANY(%s)
RETURNING product_external_id, external_id, payload
"""


def keep(context: LoadContext, offers: Sequence[OfferRecord]) -> None:
    """Put offers aside whose goods are not known."""
    if not offers:
        return
    run(
        _KEEP,
        [
            context.node_id,
            context.at,
            [joined_key(offer.product_id, offer.characteristic_id) for offer in offers],
            [offer.product_id for offer in offers],
            [Jsonb(_payload(offer)) for offer in offers],
        ],
    )
    context.report.counts["offers_pending"] += len(offers)


def take(context: LoadContext, product_ids: Collection[str]) -> list[OfferRecord]:
    """Take the offers that waited for these goods, in a steady order."""
    if not product_ids:
        return []
    rows = sorted(fetch(_TAKE, [context.node_id, list(product_ids)]), key=lambda row: row[1])
    # Django hands JSON over as text: its own field would decode it.
    return [_offer(product_id, external_id, json.loads(payload)) for product_id, external_id, payload in rows]


def _payload(offer: OfferRecord) -> dict[str, Any]:
    """Only what the offer says: the rest is not in the dict."""
    told: dict[str, Any] = {
        name: value
        for name, value in (
            ("name", offer.name),
            ("article", offer.article),
            ("barcode", offer.barcode),
            ("characteristic", offer.characteristic),
        )
        if value
    }
    if offer.prices is not None:
        told["prices"] = [
            [row.price_type_id, _text(row.amount), row.unit, _text(row.coefficient), row.currency]
            for row in offer.prices
        ]
    if offer.quantity is not None or offer.stocks is not None:
        told["quantity"] = _text(offer.quantity)
        told["stocks"] = None if offer.stocks is None else [[key, str(free)] for key, free in offer.stocks]
    if offer.expected is not None:
        on = offer.expected.on.isoformat() if offer.expected.on else None
        told["expected"] = [str(offer.expected.quantity), on, offer.expected.warehouse]
    return told


def _offer(product_id: str, external_id: str, told: dict[str, Any]) -> OfferRecord:
    prices, stocks, expected = told.get("prices"), told.get("stocks"), told.get("expected")
    return OfferRecord(
        product_id=product_id,
        characteristic_id=external_id.removeprefix(product_id).removeprefix("#"),
        line=0,
        name=told.get("name", ""),
        article=told.get("article", ""),
        barcode=told.get("barcode", ""),
        characteristic=told.get("characteristic", ""),
        is_deleted=False,
        prices=None
        if prices is None
        else tuple(
            PriceRow(key, _decimal(amount), unit, _decimal(coefficient), currency, 0)
            for key, amount, unit, coefficient, currency in prices
        ),
        quantity=_decimal(told.get("quantity")),
        stocks=None if stocks is None else tuple((key, Decimal(free)) for key, free in stocks),
        expected=None if expected is None else _expected(*expected),
    )


def _expected(quantity: str, on: str | None, warehouse: str) -> ExpectedRow:
    return ExpectedRow(Decimal(quantity), date.fromisoformat(on) if on else None, warehouse)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
