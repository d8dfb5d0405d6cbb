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
