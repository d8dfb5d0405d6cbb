"""YooKassa's API v3 against a local stand-in and its faults."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import structlog

from finance.gateways import Buyer, Charge, GatewayRefused, GatewayUnavailable, ReceiptLine, payment_gateway
from finance.states import OnlineState
from integrations.demo.cashier import Cashier
from integrations.yookassa import client
from integrations.yookassa.answers import payment_of
from integrations.yookassa.client import YooKassaGateway
from integrations.yookassa.receipts import receipt_of, vat_code
from tests.standins.yookassa import yookassa

BUYER = Buyer("ООО «Север»", "7805123456", "anna@dealer.example")
LINES = (
    ReceiptLine("Счёт № 1042, НДС 22%", Decimal("106195.13"), Decimal(22), is_advance=True),
    ReceiptLine("Счёт № 1042, НДС 10%", Decimal("360.00"), Decimal(10), is_advance=True),
)


@pytest.fixture
def cashier(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    monkeypatch.setattr(client, "_FIRST_PAUSE", 0.01)
    with yookassa(settings) as provider:
        yield provider


def charge(**changes: Any) -> Charge:
    told: dict[str, Any] = {
        "key": uuid4(),
        "amount": Decimal("106555.13"),
        "currency": "RUB",
        "description": "Счёт № 1042 от 20.11.2026",
        "return_url": "https://portal.example/settlements/pay/1/",
        "buyer": BUYER,
        "lines": LINES,
        "metadata": {"inn": "7805123456"},
    }
    return Charge(**(told | changes))


def test_online_payment_is_not_offered_without_a_shop() -> None:
    assert payment_gateway() is None


def test_payment_is_made_with_its_key_and_receipt(cashier: Cashier) -> None:
    asked = charge()

    made = YooKassaGateway().create(asked)

    assert made is not None
    assert (made.state, made.amount, made.currency) == (OnlineState.PENDING, asked.amount, "RUB")
    assert made.confirmation_url == f"{cashier.address}/pay/{made.provider_id}"
    assert cashier.questions == [("POST", "/v3/payments", str(asked.key))]
    receipt = cashier.payments[made.provider_id]["receipt"]
    assert receipt["customer"] == {"full_name": BUYER.name, "inn": BUYER.inn, "email": BUYER.email}
    assert [(item["amount"]["value"], item["vat_code"]) for item in receipt["items"]] == [
        ("106195.13", 12),
        ("360.00", 5),
    ]


def test_the_same_key_is_the_same_payment(cashier: Cashier) -> None:
    asked = charge()

    assert YooKassaGateway().create(asked) == YooKassaGateway().create(asked)
    assert len(cashier.payments) == 1


def test_answer_that_was_lost_leaves_one_payment(cashier: Cashier) -> None:
    cashier.faults.append("lost")

    made = YooKassaGateway().create(charge())

    assert made is not None
    assert list(cashier.payments) == [made.provider_id]
    assert len(cashier.questions) == 2
    assert cashier.questions[0] == cashier.questions[1]


def test_payment_that_is_still_being_made_is_asked_for_again(cashier: Cashier) -> None:
    cashier.faults.append("202")
    asked = charge()

    assert YooKassaGateway().create(asked) is None
    assert YooKassaGateway().create(asked) is not None


@pytest.mark.parametrize("fault", ["429", "500", "503", "dropped"])
def test_busy_provider_is_asked_again_with_the_same_key(cashier: Cashier, fault: str) -> None:
    cashier.faults.extend([fault, fault])

    made = YooKassaGateway().create(charge())

    assert made is not None
    assert len({key for _method, _path, key in cashier.questions}) == 1
    assert (len(cashier.questions), len(cashier.payments)) == (3, 1)


@pytest.mark.parametrize("fault", ["400", "401", "403", "404"])
def test_refusal_is_not_repeated(cashier: Cashier, fault: str) -> None:
    cashier.faults.append(fault)

    with pytest.raises(GatewayRefused, match=fault):
        YooKassaGateway().create(charge())

    assert len(cashier.questions) == 1


def test_wrong_secret_is_a_refusal(cashier: Cashier, settings: Any) -> None:
    settings.YOOKASSA_SECRET_KEY = "another"

    with pytest.raises(GatewayRefused, match="invalid_credentials"):
        YooKassaGateway().create(charge())


def test_slow_provider_is_given_up(cashier: Cashier, settings: Any) -> None:
    settings.YOOKASSA_READ_SECONDS = 0.1
    cashier.slow_seconds = 0.4
    cashier.faults.extend(["slow"] * 3)

    with pytest.raises(GatewayUnavailable, match="ReadTimeout"):
        YooKassaGateway().create(charge())


def test_malformed_answer_says_nothing_of_the_payment(cashier: Cashier) -> None:
    cashier.faults.append("malformed")

    with pytest.raises(GatewayUnavailable, match="malformed"):
        YooKassaGateway().create(charge())


def test_long_wait_is_left_to_the_next_re_read(cashier: Cashier) -> None:
    cashier.faults.append("429")
    cashier.retry_after = "1800"

    with pytest.raises(GatewayUnavailable, match="429"):
        YooKassaGateway().create(charge())

    assert len(cashier.questions) == 1


def test_nobody_waits_for_a_provider_that_does_not_answer(cashier: Cashier) -> None:
    cashier.faults.extend(["500"] * 15)
    for _number in range(5):
        with pytest.raises(GatewayUnavailable, match="500"):
            YooKassaGateway().fetch("1")
    asked = len(cashier.questions)

    with pytest.raises(GatewayUnavailable, match="resting"):
        YooKassaGateway().fetch("1")

    assert (asked, len(cashier.questions)) == (15, 15)


def test_payment_is_read_and_cancelled(cashier: Cashier) -> None:
    made = YooKassaGateway().create(charge())
    assert made is not None

    assert YooKassaGateway().fetch(made.provider_id) == made
    cancelled = YooKassaGateway().cancel(made.provider_id)

    assert (cancelled.state, cancelled.cancel_reason) == (OnlineState.CANCELED, "canceled_by_merchant")


def test_log_holds_no_secret(cashier: Cashier) -> None:
    cashier.faults.extend(["500", "500"])

    with structlog.testing.capture_logs() as lines:
        YooKassaGateway().create(charge())

    assert [line["event"] for line in lines] == ["yookassa_failed", "yookassa_failed"]
    assert "test_secret" not in str(lines)


# --- reading ---------------------------------------------------------------------------------------
WHOLE: dict[str, Any] = {
    "id": "2d8b7f3e-000f-5000-8000-1b2c3d4e5f60",
    "status": "pending",
    "amount": {"value": "10.00", "currency": "RUB"},
    "confirmation": {"type": "redirect", "confirmation_url": "https://yoomoney.ru/checkout/1"},
}


@pytest.mark.parametrize(
    "answer",
    [
        [],
        None,
        {},
        WHOLE | {"status": "unknown"},
        WHOLE | {"amount": {"value": "ten", "currency": "RUB"}},
        WHOLE | {"amount": None},
        WHOLE | {"id": ""},
        WHOLE | {"id": 17},
        WHOLE | {"confirmation": {"confirmation_url": "javascript:alert(1)"}},
        WHOLE | {"confirmation": {"confirmation_url": "http://evil.example/"}},
        WHOLE | {"cancellation_details": {"reason": {}}},
    ],
)
def test_malformed_payment_is_not_believed(answer: object) -> None:
    with pytest.raises(GatewayUnavailable):
        payment_of(answer)


# --- receipts ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rate", "goods", "advance"),
    [(None, 1, 1), (0, 2, 2), (5, 7, 9), (7, 8, 10), (10, 3, 5), (20, 4, 6), (22, 11, 12)],
)
def test_vat_has_its_code(rate: int | None, goods: int, advance: int) -> None:
    percent = None if rate is None else Decimal(rate)

    assert (vat_code(percent, is_advance=False), vat_code(percent, is_advance=True)) == (goods, advance)


def test_rate_that_the_law_has_not_is_no_receipt() -> None:
    with pytest.raises(ValueError, match="21"):
        vat_code(Decimal(21), is_advance=True)


@pytest.mark.parametrize("rest", ["0.00", "0.01", "-0.01", "0.05"])
def test_receipt_adds_up_to_the_payment_to_the_kopeck(rest: str) -> None:
    total = Decimal("106555.13") + Decimal(rest)

    receipt = receipt_of(buyer=BUYER, lines=LINES, total=total, tax_system=1)

    sums = [Decimal(item["amount"]["value"]) * Decimal(item["quantity"]) for item in receipt["items"]]
    assert sum(sums) == total
    assert sums[1] == Decimal("360.00")


def test_receipt_that_is_far_off_is_refused() -> None:
    with pytest.raises(ValueError, match="differ"):
        receipt_of(buyer=BUYER, lines=LINES, total=Decimal(1), tax_system=1)


def test_payment_of_goods_on_credit_has_no_vat_of_its_own() -> None:
    line = ReceiptLine("УПД УТ-2", Decimal("10.00"), Decimal(22), is_advance=False)

    (item,) = receipt_of(buyer=BUYER, lines=[line], total=Decimal(10), tax_system=1)["items"]

    assert (item["payment_mode"], item["payment_subject"], item["vat_code"]) == (
        "credit_payment",
        "payment",
        1,
    )
