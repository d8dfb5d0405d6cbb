"""What other apps may want to know of money."""

from dataclasses import dataclass

from portal.outbox.events import Event


@dataclass(frozen=True, slots=True)
class CreditOverrideGiven(Event):
    """A manager has let orders through in spite of a credit limit."""

    override_id: int


@dataclass(frozen=True, slots=True)
class CreditLimitChanged(Event):
    """The amount of a credit line is another, for good or for a time."""

    change_id: int


@dataclass(frozen=True, slots=True)
class PaymentRecorded(Event):
    """Money came for a reference such as `order:17`, noted by a person or paid online."""

    payment_id: int
    reference: str

    @property
    def key(self) -> str:
        """A payment is recorded once."""
        return f"payment:{self.payment_id}"


@dataclass(frozen=True, slots=True)
class OnlinePaymentEnded(Event):
    """An online payment has come or was given up."""

    payment_id: int

    @property
    def key(self) -> str:
        """A payment ends once."""
        return f"online_payment:{self.payment_id}"


@dataclass(frozen=True, slots=True)
class OnlinePaymentDoubtful(Event):
    """The provider tells of a payment that is not ours, or of another sum: a person has to look."""

    provider_id: str
    reason: str

    @property
    def key(self) -> str:
        return f"doubtful:{self.provider_id}:{self.reason}"[:200]


@dataclass(frozen=True, slots=True)
class OnlinePaymentHinted(Event):
    """The provider says that a payment has changed; it is read anew, whatever the message says."""

    event: str
    provider_id: str

    @property
    def key(self) -> str:
        """The same message twice is one."""
        return f"{self.event}:{self.provider_id}"
