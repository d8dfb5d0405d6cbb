"""What every step of a load shares."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from integrations.onec.clocks import AHEAD_TEXT, is_ahead
from integrations.onec.loading.breaker import MassChanges
from integrations.onec.loading.ids import ExternalIds
from integrations.onec.loading.report import LoadReport

FAR = datetime(9999, 1, 1, tzinfo=UTC)


class Uploads(Protocol):
    """What else came in the session, found by the name under which it was sent."""

    def find(self, names: Collection[str]) -> dict[str, Path]:
        """Files by the given names, in any case of letters; those that did not come are absent."""
        ...


@dataclass(slots=True)
class LoadContext:
    """One file of one session being loaded.

    `tell` shows the progress, and stops a load that another worker has taken over. `is_marking` has it
    noted which goods have come.
    """

    node_id: int
    file_name: str
    at: datetime
    tell: Callable[[str], None]
    uploads: Uploads
    ids: ExternalIds
    report: LoadReport = field(default_factory=LoadReport)
    new_pictures: list[int] = field(default_factory=list)
    is_marking: bool = False
    # A trial leaves nothing behind, not even pictures.
    is_trial: bool = False
    # What the portal loads by itself (a repeat, a command) says nothing of 1C's pace or completeness.
    is_manual: bool = False
    price_step: int = 50
    # A file applied after it was held: rows that newer files have told of since that moment stay.
    keep_after: datetime = FAR
    # While a file is held, rows that this one tells the same of are marked as told now, too.
    is_confirming: bool = False
    mass: MassChanges = field(default_factory=MassChanges)
    # Catalogues whose goods the file brought: id -> is it the first portion of a full export.
    catalogs: dict[str, bool] = field(default_factory=dict)

    @property
    def is_late(self) -> bool:
        """Tell a file that was held and is applied now: streams have gone on without it."""
        return self.keep_after != FAR

    def believed(self, formed_at: datetime | None) -> datetime | None:
        """The moment of the file; one in the future is not believed: all true files would be older."""
        if not is_ahead(formed_at, at=self.at):
            return formed_at
        self.report.warn(f"Дата формирования {formed_at:%d.%m.%Y}: {AHEAD_TEXT}. Файл принят как без даты")
        return None
