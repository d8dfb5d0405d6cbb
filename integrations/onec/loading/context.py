"""What every step of a load shares."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from integrations.onec.loading.ids import ExternalIds
from integrations.onec.loading.report import LoadReport


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
    # Catalogues whose goods the file brought: id -> is it the first portion of a full export.
    catalogs: dict[str, bool] = field(default_factory=dict)
