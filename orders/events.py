"""What other apps may want to know of orders."""

from dataclasses import dataclass
from datetime import datetime

from portal.outbox.events import Event


@dataclass(frozen=True, slots=True)
class OrderSubmitted(Event):
    """A client sent an order."""

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderConfirmed(Event):
    """The distributor took the order to work; invoice and export to 1C follow."""

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderMoved(Event):
    """An order has come into a state, whoever moved it; the same state may come again later."""

    order_id: int
    state: str
    step_id: int

    @property
    def key(self) -> str:
        return f"step:{self.step_id}"


@dataclass(frozen=True, slots=True)
class OrderCancelled(Event):
    """The order will not be delivered; its reserve is free again."""

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderChangedInErp(Event):
    """1C holds an order of the portal otherwise than before: other rows, given up, or taken up again.

    `at` is the moment of the load: several parts of an order that changed in it are one event.
    """

    order_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PartToldByErp(Event):
    """1C told where a part of an order stands; what the order holds of the limit follows.

    `at` is the moment of the load.
    """

    order_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PaperToldByErp(Event):
    """1C made out, changed or deleted a document of an order; ledger and limit follow. `at` as above."""

    document_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class UploadReceived(Event):
    """A file too long for one request waits to be recognised; `round` counts its readings."""

    upload_id: int
    round: int

    @property
    def key(self) -> str:
        return f"upload:{self.upload_id}:{self.round}"


@dataclass(frozen=True, slots=True)
class ShipmentRequested(Event):
    """A client asks the warehouse to ship."""

    request_id: int


@dataclass(frozen=True, slots=True)
class ShipmentRequestMoved(Event):
    """A request for shipment was taken, refused, picked or shipped; the same state may come twice."""

    request_id: int
    state: str


@dataclass(frozen=True, slots=True)
class ShipmentReceived(Event):
    """A client has counted a shipment; `differences` is the number of rows that came otherwise."""

    receipt_id: int
    differences: int

    @property
    def key(self) -> str:
        """A shipment is received once."""
        return f"receipt:{self.receipt_id}"


@dataclass(frozen=True, slots=True)
class OrderChanged(Event):
    """Lines of an order shrank; invoice and export to 1C follow."""

    order_id: int
    change_id: int

    @property
    def key(self) -> str:
        return f"change:{self.change_id}"


@dataclass(frozen=True, slots=True)
class OrderChangeAsked(Event):
    """A client wants an order changed that 1C has taken: a manager decides."""

    change_id: int

    @property
    def key(self) -> str:
        return f"change:{self.change_id}"


@dataclass(frozen=True, slots=True)
class OrderChangeDecided(Event):
    """A manager has accepted or rejected a change of an order."""

    change_id: int

    @property
    def key(self) -> str:
        return f"change:{self.change_id}"


@dataclass(frozen=True, slots=True)
class QuoteMoved(Event):
    """A request of prices was sent, taken, answered, accepted, turned down, withdrawn or has expired."""

    quote_id: int
    step_id: int
    state: str

    @property
    def key(self) -> str:
        return f"quote_step:{self.step_id}"


@dataclass(frozen=True, slots=True)
class ClaimFiled(Event):
    """A client has made a claim: a manager owes an answer."""

    claim_id: int


@dataclass(frozen=True, slots=True)
class ClaimMoved(Event):
    """A claim was taken, decided, withdrawn, credited or completed; the same state may come twice.

    `step_id` is its row of the history, `state` where it stands after it.
    """

    claim_id: int
    step_id: int
    state: str

    @property
    def key(self) -> str:
        return f"claim-step:{self.step_id}"
