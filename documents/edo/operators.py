"""What the portal asks of an operator of ЭДО, whoever he is, and which one is set."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from documents.states import EdoStatus

NO_REASON = "Оператор не назвал причину"


class OperatorFailed(Exception):
    """The operator did not take or tell something; it is asked again."""


class OperatorFault(Exception):
    """The operator told something that cannot be understood; repeating does not help."""


@dataclass(frozen=True, slots=True)
class EdoSignature:
    """Who signed: name, number of the certificate, until when it is valid, in the operator's words."""

    name: str
    certificate: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class EdoReport:
    """What an operator, or 1C in his name, says of a message."""

    status: EdoStatus
    at: datetime
    reason: str = ""
    signatures: tuple[EdoSignature, ...] = ()


@dataclass(frozen=True, slots=True)
class OperatorFile:
    """A file that came back from an operator: a protocol, a buyer's title, a signature."""

    name: str
    content: bytes


class EdoOperator(Protocol):
    """A connection to an operator."""

    @property
    def name(self) -> str:
        """As people call him."""
        ...

    def send(self, *, key: str, name: str, content: bytes, signature: bytes | None, receiver_id: str) -> str:
        """Hand a file over and return the operator's id of the message.

        The same `key` means the same message however often it comes. Raises OperatorFailed.
        """
        ...

    def status(self, message_id: str) -> EdoReport | None:
        """What is known of a message now; None is nothing yet. Raises OperatorFailed, OperatorFault."""
        ...

    def download(self, message_id: str) -> Sequence[OperatorFile]:
        """What came back for a message. Raises OperatorFailed."""
        ...


def edo_operator() -> EdoOperator | None:
    """The operator that is set, or none."""
    if not settings.EDO_OPERATOR:
        return None
    return cast(EdoOperator, import_string(settings.EDO_OPERATOR)())
