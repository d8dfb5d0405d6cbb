"""Why a visit cannot begin; the text is meant for the employee."""

from counterparties.models import EntryRefusal


class EntryRefused(Exception):
    """The cabinet is closed to him; `reason` tells why."""

    def __init__(self, reason: EntryRefusal) -> None:
        self.reason = reason
        super().__init__(str(reason.label))
