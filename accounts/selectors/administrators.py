"""Who administers the portal."""

from accounts.models import User


def administrator_ids() -> list[int]:
    """Everybody who may do everything and has not left; one query."""
    people = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
    return list(people.values_list("pk", flat=True))
