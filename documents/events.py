"""What other apps may want to know of documents."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.outbox.events import Event


@dataclass(frozen=True, slots=True)
class InvoiceIssued(Event):
    """An invoice got its number and its file; the letter to the client follows."""

    document_id: int

    @property
    def key(self) -> str:
        """One invoice is issued once, so each handler hears of it once."""
        return f"document:{self.document_id}"


@dataclass(frozen=True, slots=True)
class ShipmentPapersIssued(Event):
    """Papers of a shipment got numbers and files; the letter to the client follows."""

    paper_id: int
    document_ids: tuple[int, ...]

    @property
    def key(self) -> str:
        """Papers of one event are issued once."""
        return f"documents:{min(self.document_ids)}"


@dataclass(frozen=True, slots=True)
class OriginalCame(Event):
    """The first file of a paper of a shipment has come from 1C; the letter to the client follows."""

    document_id: int

    @property
    def key(self) -> str:
        """The first file comes once."""
        return f"received:{self.document_id}"


@dataclass(frozen=True, slots=True)
class PaperAsked(Event):
    """Somebody waits for a paper that he has asked for by hand."""

    task_id: int

    @property
    def key(self) -> str:
        return f"document_task:{self.task_id}"


@dataclass(frozen=True, slots=True)
class ArchiveAsked(Event):
    """Somebody waits for the papers of a period in one file."""

    archive_id: int

    @property
    def key(self) -> str:
        return f"document_archive:{self.archive_id}"


@dataclass(frozen=True, slots=True)
class PriceListAsked(Event):
    """Somebody, a schedule or a client's system wants a price list made."""

    file_id: int

    @property
    def key(self) -> str:
        """One file is made once."""
        return f"price_list_file:{self.file_id}"


@dataclass(frozen=True, slots=True)
class PriceListMade(Event):
    """A price list that goes out by mail is ready."""

    file_id: int

    @property
    def key(self) -> str:
        """One file is sent once."""
        return f"price_list_file:{self.file_id}"


@dataclass(frozen=True, slots=True)
class ReceivedPaperTold(Event):
    """1C told of a paper that moves settlements; the ledger follows."""

    document_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ContractMoved(Event):
    """A version of a contract has moved; the client's signers or our managers hear of it."""

    step_id: int

    @property
    def key(self) -> str:
        """Each step is told once."""
        return f"contract_step:{self.step_id}"


@dataclass(frozen=True, slots=True)
class ContractProlonged(Event):
    """A contract has prolonged itself to a new last day; both sides hear of it."""

    contract_id: int
    valid_until: date

    @property
    def key(self) -> str:
        """Each new end is told once."""
        return f"contract:{self.contract_id}:{self.valid_until.isoformat()}"


@dataclass(frozen=True, slots=True)
class EdoMessageAsked(Event):
    """A paper is to go through the operator of ЭДО."""

    message_id: int

    @property
    def key(self) -> str:
        """One message is sent once."""
        return f"edo_message:{self.message_id}"


@dataclass(frozen=True, slots=True)
class EdoSigned(Event):
    """Both sides have signed a paper of ours at the operator: it is printed with his mark, an act follows."""

    message_id: int
    document_id: int

    @property
    def key(self) -> str:
        """Of one message there is one print."""
        return f"edo_message:{self.message_id}"


@dataclass(frozen=True, slots=True)
class EdoReturned(Event):
    """The other side of a paper wants something, or refuses it; managers hear of it."""

    message_id: int
    status: str

    @property
    def key(self) -> str:
        """Each word is told once."""
        return f"edo_message:{self.message_id}:{self.status}"


@dataclass(frozen=True, slots=True)
class ActAsked(Event):
    """A person or the clock wants an акт сверки made."""

    act_id: int

    @property
    def key(self) -> str:
        """One act is made once."""
        return f"act:{self.act_id}"


@dataclass(frozen=True, slots=True)
class ActMade(Event):
    """An акт сверки has its number, lines and files; the client's people are told."""

    act_id: int

    @property
    def key(self) -> str:
        """One act is told of once."""
        return f"act:{self.act_id}"
