import json
from dataclasses import replace
from decimal import Decimal

import pytest

from documents.payloads.codec import from_json, payload_sha256, to_json
from documents.payloads.invoice import InvoicePayload
from documents.payloads.parts import RateTotal, rate_totals
from portal.lib.money import Amount
from tests.documents.samples import GOLDEN_LINES, invoice, line


def test_payload_survives_json() -> None:
    payload = invoice((*GOLDEN_LINES, line("Доставка", "100", "1", None)))

    assert from_json(InvoicePayload, json.loads(json.dumps(to_json(payload)))) == payload


def test_payload_json_has_no_floats() -> None:
    text = json.dumps(to_json(invoice()))

    assert json.loads(text, parse_float=lambda number: pytest.fail(f"float {number}")) == to_json(invoice())


def test_payload_hash_ignores_order_of_keys_and_notices_a_kopeck() -> None:
    data = to_json(invoice())
    other = to_json(invoice((*GOLDEN_LINES[:2], line("Справочник электрика", "120.01", "3", "10"))))

    assert payload_sha256(dict(reversed(data.items()))) == payload_sha256(data)
    assert payload_sha256(other) != payload_sha256(data)


def test_payload_refuses_total_that_is_not_the_sum() -> None:
    with pytest.raises(ValueError, match="not the sum"):
        replace(invoice(), total=Amount(Decimal("87372.46"), Decimal("19182.66"), Decimal("106555.12")))


def test_payload_refuses_wrong_vat_by_rate() -> None:
    with pytest.raises(ValueError, match="VAT by rate"):
        replace(invoice(), rates=(RateTotal(rate=Decimal(22), vat=Decimal("19182.67")),))


def test_payload_refuses_no_lines() -> None:
    with pytest.raises(ValueError, match="at least one line"):
        replace(invoice(), lines=(), total=Amount.zero(), rates=())


def test_payload_read_back_is_checked_too() -> None:
    data = to_json(invoice())
    data["total"]["vat"] = "19182.66"

    with pytest.raises(ValueError, match="is not"):
        from_json(InvoicePayload, data)


def test_rate_totals_are_sorted_and_keep_no_vat_apart_from_zero() -> None:
    lines = [line("a", "100", "1", rate) for rate in (None, "0", "10", "22", "10")]

    assert rate_totals(lines) == (
        RateTotal(rate=Decimal(22), vat=Decimal("18.03")),
        RateTotal(rate=Decimal(10), vat=Decimal("18.18")),
        RateTotal(rate=Decimal(0), vat=Decimal("0.00")),
        RateTotal(rate=None, vat=Decimal("0.00")),
    )
