"""Who may enter whose cabinet: django-hijack asks here."""

from django.utils import timezone

from accounts.models import User
from counterparties.selectors import may_enter_as


def may_enter(*, hijacker: User, hijacked: User) -> bool:
    return may_enter_as(employee=hijacker, person=hijacked, on=timezone.localdate())
