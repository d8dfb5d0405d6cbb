"""Talks for tests."""

from collections.abc import Sequence
from datetime import date, datetime

from accounts.models import User
from accounts.permissions import Permission
from counterparties.models import Message, Thread, ThreadKind
from counterparties.services.threads import message_write, thread_write
from counterparties.talk_subjects import TalkSubject, Words
from portal.files.attachments import Attachment
from tests.factories import AT, World, actor_of

PNG = Attachment("Пломба.png", "image/png", b"\x89PNG\r\n\x1a\n-seal")


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def about_order(world: World, pk: int = 17) -> TalkSubject:
    return TalkSubject(
        f"order:{pk}",
        f"Заказ P-{pk}",
        f"/orders/{pk}/",
        holding_id=world.holding.pk,
        legal_entity_id=world.entity.pk,
        permission=Permission.ORDER_VIEW,
        author_ids=frozenset({world.buyer.pk}),
    )


def about_product(world: World) -> TalkSubject:
    return TalkSubject("product:5", "Болт М8х40", "/catalog/product/5/", holding_id=world.holding.pk)


def begin(
    world: World,
    *,
    subject: TalkSubject | None = None,
    user: User | None = None,
    text: str = "Когда отгрузка?",
    kind: ThreadKind = ThreadKind.QUESTION,
    files: Sequence[Attachment] = (),
    key: str = "",
    at: datetime = AT,
) -> Thread:
    return thread_write(
        actor=actor_of(user or world.buyer),
        subject=subject or about_order(world),
        words=Words(text, files=files, kind=kind, key=key),
        calendar=weekdays,
        at=at,
    )


def say(thread: Thread, user: User, text: str = "В пятницу.", *, key: str = "", at: datetime = AT) -> Message:
    return message_write(
        actor=actor_of(user), thread_id=thread.pk, words=Words(text, key=key), calendar=weekdays, at=at
    )
