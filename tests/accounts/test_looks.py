"""How people like to see lists."""

import pytest

from accounts.looks import MOST_REMEMBERED, look_of, look_remember
from accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def remembered(user: User, name: str) -> dict[str, object]:
    return look_of(User.objects.get(pk=user.pk), name)


def test_look_is_remembered_for_each_list_of_a_person() -> None:
    user, other = make_user(), make_user()

    look_remember(user_id=user.pk, name="section:1", look={"view": "tile"})
    look_remember(user_id=user.pk, name="section:2", look={"view": "list"})

    assert remembered(user, "section:1") == {"view": "tile"}
    assert remembered(user, "section:2") == {"view": "list"}
    assert remembered(other, "section:1") == {}


def test_list_not_looked_at_yet_gets_the_newest_look() -> None:
    user = make_user()
    look_remember(user_id=user.pk, name="section:1", look={"view": "tile"})
    look_remember(user_id=user.pk, name="section:2", look={"view": "list"})

    look_remember(user_id=user.pk, name="section:1", look={"view": "table"})

    assert remembered(user, "section:3") == {"view": "table"}
    assert len(User.objects.get(pk=user.pk).looks) == 2


def test_oldest_looks_are_forgotten() -> None:
    user = make_user()

    for number in range(MOST_REMEMBERED + 1):
        look_remember(user_id=user.pk, name=f"section:{number}", look={"size": number})

    kept = [one["list"] for one in User.objects.get(pk=user.pk).looks]
    assert kept == [f"section:{number}" for number in range(1, MOST_REMEMBERED + 1)]
