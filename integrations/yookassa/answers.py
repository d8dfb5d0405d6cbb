"""Reading YooKassa's payments."""

from decimal import Decimal, InvalidOperation

from finance.gateways import GatewayUnavailable, RemotePayment
from finance.states import OnlineState

_STATES = {
    "pending": OnlineState.PENDING,
    "waiting_for_capture": OnlineState.WAITING,
    "succeeded": OnlineState.SUCCEEDED,
    "canceled": OnlineState.CANCELED,
}


def payment_of(answer: object) -> RemotePayment:
    """Read a payment. Raises GatewayUnavailable for what is none: what became of it is not known."""
    try:
        body = _object(answer)
        amount = _object(body["amount"])
        confirmation = _object(body.get("confirmation") or {})
        cancelled = _object(body.get("cancellation_details") or {})
        return RemotePayment(
            provider_id=_text(body["id"], 64),
            state=_STATES[str(body["status"])],
            amount=Decimal(str(amount["value"])),
            currency=_text(amount["currency"], 3),
            confirmation_url=_address(confirmation.get("confirmation_url")),
            cancel_reason=_text(cancelled.get("reason", ""), 200, may_be_empty=True),
        )
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise GatewayUnavailable(f"malformed payment: {type(error).__name__}") from error


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(type(value).__name__)
    return value


def _text(value: object, longest: int, *, may_be_empty: bool = False) -> str:
    if not isinstance(value, str) or len(value) > longest or not (value or may_be_empty):
        raise ValueError("text expected")
    return value


def _address(value: object) -> str:
    """A link that a person is sent to is a web address and nothing else."""
    if value is None:
        return ""
    address = _text(value, 500)
    if not address.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise ValueError("no web address")
    return address
