"""Notices that lead to a page which the person has opened by himself."""

from datetime import datetime

from accounts.models import Notice


def page_notices_read(*, user_id: int, address: str, at: datetime) -> int:
    """Note that they are read, whichever way he came; return how many. Idempotent."""
    unread = Notice.objects.filter(user_id=user_id, address=address, read_at__isnull=True)
    return unread.update(read_at=at)
