"""How a person likes to see a list: view, columns, density. Read with the person, so it costs no query."""

from collections.abc import Mapping
from typing import Any, TypedDict

from django.db import transaction

from accounts.models import User

MOST_REMEMBERED = 60


class Remembered(TypedDict):
    """One list by its name (`section:12`) and what was chosen for it; the app that shows it knows what."""

    list: str
    look: dict[str, Any]


def look_of(user: User, name: str) -> dict[str, Any]:
    """What was chosen for the list, else for the one that was chosen for last; empty if for none."""
    looks: list[Remembered] = user.looks
    own = (one["look"] for one in looks if one["list"] == name)
    return next(own, looks[-1]["look"] if looks else {})


@transaction.atomic
def look_remember(*, user_id: int, name: str, look: Mapping[str, Any]) -> None:
    """Keep the look of a list as the newest; the oldest beyond sixty are forgotten. Idempotent."""
    user = User.objects.select_for_update(of=("self",), no_key=True).only("looks").get(pk=user_id)
    others = [one for one in user.looks if one["list"] != name]
    user.looks = [*others, Remembered(list=name, look=dict(look))][-MOST_REMEMBERED:]
    user.save(update_fields=["looks"])
