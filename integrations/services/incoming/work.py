"""What every step of taking in a file shares."""

from dataclasses import dataclass, field
from datetime import datetime

from integrations.models import ExchangeNode, ExternalId, ExternalKind
from integrations.onec.loading.ids import ExternalIds
from integrations.onec.loading.report import LoadReport


@dataclass(slots=True)
class Work:
    """One file of a base, or one more try at what was put off; `formed_at` is the file's own moment.

    `taken` keeps, part by part, under which id of 1C it was met in this file.
    """

    node: ExchangeNode
    at: datetime
    ids: ExternalIds
    report: LoadReport
    formed_at: datetime | None = None
    is_retry: bool = False
    taken: dict[int, str] = field(default_factory=dict)

    def known(self, kind: ExternalKind, external_id: str) -> int | None:
        """Row of the portal that the base knows under this id."""
        return self.ids.find(kind, [external_id]).get(external_id) if external_id else None

    def learn(self, kind: ExternalKind, external_id: str, pk: int) -> None:
        """Keep an id that has not been known; it may come twice in one file."""
        ExternalId.objects.get_or_create(
            node=self.node, kind=kind, external_id=external_id, defaults={"object_id": pk}
        )
