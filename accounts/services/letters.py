"""Letters to people: one for each, in his language, never twice."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Language, NoticeSetting, SentLetter, User
from accounts.notices import STAFF_KINDS, NoticeKind
from portal.lib.mail import LETTER_REFUSED, Attachment, mail_send, message_id

KEPT = timedelta(days=90)
"""How long it is remembered which letters went out."""

_SALT = "accounts.unsubscribe"


class NoSuchSubscription(Exception):
    """The link was not made by the portal."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a link of a letter refuses; `person` is None when he has left."""

    person: User | None
    kinds: tuple[NoticeKind, ...]


def letters_send(
    *,
    key: str,
    to: Iterable[str],
    letter: str,
    context: dict[str, Any],
    attachments: Sequence[Attachment] = (),
    kinds: Collection[NoticeKind] = (),
) -> int:
    """Write to each address a letter of its own; return how many addresses it was for.

    The language is the person's, Russian where nobody of the portal has the address. A repeat with the
    same key goes only to who has not got it. With `kinds` the letter is not obligatory: each carries the
    link by which its reader refuses letters of these kinds. An address that the server refuses does not
    keep the letter from the others. Raises what the mail server answers.
    """
    addresses = list({address.lower(): address for address in to if address}.values())
    people = {person.email: person for person in User.objects.filter(email__in=map(str.lower, addresses))}
    keys = {address: f"{key}:{address}" for address in addresses}
    sent = set(
        SentLetter.objects.filter(message_id__in=map(message_id, keys.values())).values_list(
            "message_id", flat=True
        )
    )
    refusal: Exception | None = None
    for address in addresses:
        if message_id(keys[address]) in sent:
            continue
        person = people.get(address.lower())
        language = person.language if person else Language.RUSSIAN
        try:
            mail_send(
                key=keys[address],
                to=[address],
                template=letter,
                context=context,
                language=language,
                attachments=attachments,
                unsubscribe=unsubscribe_address(person, kinds) if person and kinds else "",
            )
        except LETTER_REFUSED as error:
            refusal = refusal or error
            continue
        _note(keys[address], letter, address, language)
    if refusal is not None:
        raise refusal
    return len(addresses)


def _note(key: str, letter: str, address: str, language: str) -> None:
    row = SentLetter(
        message_id=message_id(key), letter=letter, address=address, language=language, sent_at=timezone.now()
    )
    SentLetter.objects.bulk_create([row], ignore_conflicts=True)


def letters_purge(*, at: datetime) -> int:
    """Forget letters of long ago; return how many."""
    removed, _models = SentLetter.objects.filter(sent_at__lt=at - KEPT).delete()
    return removed


@transaction.atomic
def letters_want(*, user_id: int, kind: NoticeKind) -> None:
    """Send the person letters of a kind again, if he refused them. Idempotent."""
    NoticeSetting.objects.filter(user_id=user_id, kind=kind, is_mailed=False).update(is_mailed=True)


def unsubscribe_address(person: User, kinds: Collection[NoticeKind]) -> str:
    """The link that refuses letters of some kinds: it needs no sign-in and does not grow old."""
    told = [person.pk, sorted(str(kind) for kind in kinds)]
    return settings.SITE_URL + reverse("accounts:unsubscribe", args=[signing.dumps(told, salt=_SALT)])


def subscription_of(token: str) -> Subscription:
    """Read a link. Raises NoSuchSubscription (forged, or about nothing that may be refused)."""
    try:
        user_id, names = signing.loads(token, salt=_SALT)
        kinds = tuple(kind for kind in NoticeKind if kind.value in names and kind not in STAFF_KINDS)
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise NoSuchSubscription from error
    if not kinds:
        raise NoSuchSubscription
    return Subscription(User.objects.filter(pk=user_id, is_active=True).first(), kinds)


@transaction.atomic
def letters_refuse(*, token: str) -> Subscription:
    """Send the person no more letters of these kinds; lines of the inbox go on. Idempotent.

    Raises NoSuchSubscription.
    """
    subscription = subscription_of(token)
    if subscription.person is not None:
        User.objects.select_for_update(no_key=True).get(pk=subscription.person.pk)
        NoticeSetting.objects.bulk_create(
            [
                NoticeSetting(user=subscription.person, kind=kind, is_mailed=False)
                for kind in subscription.kinds
            ],
            update_conflicts=True,
            unique_fields=["user", "kind"],
            update_fields=["is_mailed"],
        )
    return subscription
