"""What an exchange file is made of beside its paper, and how it is named."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from documents.edo.rules import Fault
from portal.lib.dates import MOSCOW

PROGRAM = "B2BPortal 1.0"
UPD_PREFIX, ACT_PREFIX = "ON_NSCHFDOPPR", "ON_AKTSVEROTP"


class EdoInvalid(Exception):
    """A paper does not fit the format; `faults` name what is to be mended."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.text for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class EdoFile:
    """A file ready to be sent; its name is ИдФайл and `.xml`."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Between whom a file goes, its own id and the moment it was made.

    `corrects` is the file name of the paper that an исправление corrects.
    """

    sender_id: str
    receiver_id: str
    guid: UUID
    at: datetime
    program: str = PROGRAM
    corrects: str = ""

    def identifier(self, prefix: str, *marks: str) -> str:
        """ИдФайл: the receiver stands first, `marks` are N2…N7 of УПД."""
        day = f"{self.at.astimezone(MOSCOW):%Y%m%d}"
        return "_".join([prefix, self.receiver_id, self.sender_id, day, str(self.guid), *marks])
