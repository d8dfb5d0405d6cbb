"""Who is signed in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Notice, User
from accounts.notices import OWN_LETTER_KINDS


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, and the person comes with the number of unread notices: the bell costs no query."""

    def get_user(self, user_id: int) -> User | None:
        """The person if they may sign in, with `unread_notices` and `unread_messages` of them; one query."""
        mine = Notice.objects.filter(user=OuterRef("pk"), read_at__isnull=True).values("user")
        talk = mine.filter(kind__in=OWN_LETTER_KINDS)
        unread, messages = (
            Coalesce(Subquery(rows.annotate(unread=Count("pk")).values("unread")), 0) for rows in (mine, talk)
        )
        user = (
            User.objects.annotate(unread_notices=unread, unread_messages=messages).filter(pk=user_id).first()
        )
        return user if user is not None and self.user_can_authenticate(user) else None
