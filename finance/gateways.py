"""What the portal asks a payment provider; `integrations` answers, settings choose who."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from finance.states import OnlineState


class GatewayUnavailable(Exception):
    """No answer, or «busy»: the same may be asked again with the same key."""


class GatewayRefused(Exception):
    """The provider has understood and says no; asking again changes nothing."""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """What the money is for, with VAT; `vat_percent` None is «без НДС».

    An advance is money for goods that have not left; the other is for goods that have, on credit.
    """

    name: str
    amount: Decimal
    vat_percent: Decimal | None
    is_advance: bool


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whom the receipt names (54-ФЗ, tags 1227 and 1228) and where it goes."""

    name: str
    inn: str
    email: str


@dataclass(frozen=True, slots=True)
class Charge:
    """A payment to ask for; `key` makes a repeated question the same one. The lines add up to the amount."""

    key: UUID
    amount: Decimal
    currency: str
    description: str
    return_url: str
    buyer: Buyer
    lines: tuple[ReceiptLine, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RemotePayment:
    """A payment as the provider has it now."""

    provider_id: str
    state: OnlineState
    amount: Decimal
    currency: str
    confirmation_url: str = ""
    cancel_reason: str = ""


class PaymentGateway(Protocol):
    """A provider. Every method raises GatewayUnavailable and GatewayRefused."""

    def create(self, charge: Charge) -> RemotePayment | None:
        """Ask for a payment; None while the provider is still making it: ask again with the same key."""
        ...

    def fetch(self, provider_id: str) -> RemotePayment:
        """Read a payment."""
        ...

    def cancel(self, provider_id: str) -> RemotePayment:
        """Give up a payment whose money is held and not taken yet."""
        ...


def payment_gateway() -> PaymentGateway | None:
    """The provider of this installation; None where online payment is not offered."""
    if not settings.PAYMENT_GATEWAY:
        return None
    return cast(PaymentGateway, import_string(settings.PAYMENT_GATEWAY)())
