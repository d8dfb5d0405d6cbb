"""What the administrator has to know of the exchange."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from portal.outbox.events import Event


@dataclass(frozen=True, slots=True)
class OrdersUnconfirmed(Event):
    """A base fetches orders again and again and does not say that it has them."""

    node_id: int
    session_id: int
    numbers: tuple[str, ...]

    @property
    def key(self) -> str:
        """Once for a session."""
        return f"unconfirmed:{self.session_id}"


@dataclass(frozen=True, slots=True)
class OrdersQuarantined(Event):
    """Orders that go out no more until somebody has looked at them."""

    export_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StreamsLate(Event):
    """Streams of a base (goods, prices, stock, orders) have been silent for too long."""

    node_id: int
    kinds: tuple[str, ...]
    at: datetime

    @property
    def key(self) -> str:
        """Once for each turn."""
        return f"late:{self.node_id}:{'+'.join(self.kinds)}:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True)
class StreamsBack(Event):
    """Streams of a base that were late have come."""

    node_id: int
    kinds: tuple[str, ...]
    at: datetime

    @property
    def key(self) -> str:
        """Once for each turn."""
        return f"back:{self.node_id}:{'+'.join(self.kinds)}:{self.at.isoformat()}"


@dataclass(frozen=True, slots=True)
class PaymentTold(Event):
    """1C told of a payment; the ledger follows. `payer_id` may be another firm than the debtor."""

    node_id: int
    ref: str
    contract_id: int
    payer_id: int
    number: str
    paid_on: date
    amount: Decimal
    currency: str
    purpose: str
    payment_key: str
    part_ids: tuple[int, ...]
    is_deleted: bool
    version: str
    at: datetime
