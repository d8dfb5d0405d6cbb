"""What a handler may see of the job that runs it, and how it may end."""

from contextlib import AbstractContextManager
from typing import Protocol


class JobRefused(Exception):
    """Raise in a handler when no repetition can help: the job is dead at once, with this reason."""


class LeaseLost(Exception):
    """Another worker has taken the job over: whatever this one still does must not be kept."""


class JobContext(Protocol):
    """The running job, given to a handler that declares a second parameter."""

    @property
    def id(self) -> int: ...

    @property
    def key(self) -> str:
        """The same in every attempt: send it along with mail and calls, so that a repeat is recognised."""
        ...

    @property
    def attempts(self) -> int:
        """1 in the first attempt."""
        ...

    def heartbeat(self) -> None:
        """Stop here if the job was taken over meanwhile; cheap, meant for loops. Raises LeaseLost."""
        ...

    def progress(self, text: str) -> None:
        """Show in words how far the work is; visible at once, also from inside a transaction."""
        ...

    def finish(self) -> AbstractContextManager[None]:
        """Open the last transaction: its effects and `done` are committed together or not at all.

        For handlers with `atomic=False` only. Raises LeaseLost.
        """
        ...
