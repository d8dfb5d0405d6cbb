"""Who is signed in."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Notice, User


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's, and the person comes with the number of unread notices: the bell costs no query."""

    def get_user(self, user_id: int) -> User | None:
        """The person if they may sign in, with `unread_notices`; one query."""
        mine = Notice.objects.filter(user=OuterRef("pk"), read_at__isnull=True).values("user")
        unread = Coalesce(Subquery(mine.annotate(unread=Count("pk")).values("unread")), 0)
        user = User.objects.annotate(unread_notices=unread).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
