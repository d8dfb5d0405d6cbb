"""A person's inbox and what he wants to be told by mail."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import Notice, NoticeSetting, QuietHours
from accounts.notices import MAILED_KINDS, STAFF_KINDS, NoticeKind


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of notices in the settings."""

    kind: NoticeKind
    is_mailed: bool


def notice_rows(*, user_id: int) -> QuerySet[Notice]:
    """Lines of a person's inbox, the newest first."""
    return Notice.objects.filter(user_id=user_id).order_by("-created_at", "-pk")


def notice_settings(*, user_id: int) -> tuple[list[KindRow], QuietHours | None]:
    """What a client's person has chosen, with the rule of the kind where they have not; two queries."""
    chosen = dict(NoticeSetting.objects.filter(user_id=user_id).values_list("kind", "is_mailed"))
    offered = [kind for kind in NoticeKind if kind not in STAFF_KINDS]
    rows = [KindRow(kind, chosen.get(kind, kind in MAILED_KINDS)) for kind in offered]
    return rows, QuietHours.objects.filter(user_id=user_id).first()


def is_mailed(*, user_id: int, kind: NoticeKind) -> bool:
    """Tell whether a person wants letters of a kind; one query."""
    chosen = NoticeSetting.objects.filter(user_id=user_id, kind=kind).values_list("is_mailed", flat=True)
    return next(iter(chosen), kind in MAILED_KINDS)
