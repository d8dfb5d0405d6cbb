"""What a talk is about, and what is written into it."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.permissions import Permission
from counterparties.models import ThreadKind
from portal.files.attachments import Attachment


@dataclass(frozen=True, slots=True)
class TalkSubject:
    """A thing that the actor may see, as its talk names it.

    `permission` is the right by which colleagues see the talk and `author_ids` whose own the thing is;
    a personal talk has neither. `person_id` is whose personal talk it is where the seller writes first.
    """

    reference: str
    title: str
    address: str
    holding_id: int
    legal_entity_id: int | None = None
    permission: Permission | None = None
    author_ids: frozenset[int] = frozenset()
    person_id: int | None = None

    @property
    def is_personal(self) -> bool:
        return self.permission is None


@dataclass(frozen=True, slots=True)
class Words:
    """One message as it was sent: `key` tells a second press of the button from a second message."""

    text: str
    files: Sequence[Attachment] = ()
    kind: ThreadKind = ThreadKind.QUESTION
    key: str = ""
