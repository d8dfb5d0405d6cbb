"""What an item is put off with."""

from integrations.models import ExternalKind


class ItemWaits(Exception):
    """What has to come first, in Russian; the item is kept and taken as soon as the id is known."""

    def __init__(self, reason: str, *, kind: ExternalKind, ref: str) -> None:
        super().__init__(reason)
        self.kind, self.ref = kind, ref
