"""Letters to people: one for each, in his language, never twice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Language, Notice, NoticeSetting, SentLetter, User
from accounts.notices import STAFF_KINDS, Channel, NoticeKind
from accounts.selectors.notices import channels_chosen, is_mailed
from portal.lib.mail import LETTER_REFUSED, Attachment, mail_send, message_id

KEPT = timedelta(days=90)
"""How long it is remembered which letters went out."""

_SALT = "accounts.unsubscribe"
_DIGEST = "digest"


class NoSuchSubscription(Exception):
    """The link was not made by the portal."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a link of a letter refuses: kinds, or the digest; `person` is None when he has left."""

    person: User | None
    kinds: tuple[NoticeKind, ...]
    is_digest: bool = False


def letters_send(
    *,
    key: str,
    to: Iterable[str],
    letter: str,
    context: dict[str, Any],
    attachments: Sequence[Attachment] = (),
    kinds: Collection[NoticeKind] = (),
    is_digest: bool = False,
    talk: Mapping[str, str] | None = None,
) -> int:
    """Write to each address a letter of its own; return how many addresses it was for.

    The language is the person's, Russian where nobody of the portal has the address. A repeat with the
    same key goes only to who has not got it. With `kinds` the letter is not obligatory: each carries the
    link by which its reader refuses letters of these kinds, a digest one that refuses digests. An address
    that the server refuses does not keep the letter from the others. Raises what the mail server answers.
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
                unsubscribe=_way_out(person, kinds, is_digest=is_digest),
                talk=talk,
            )
        except LETTER_REFUSED as error:
            refusal = refusal or error
            continue
        _note(keys[address], letter, address, language)
    if refusal is not None:
        raise refusal
    return len(addresses)


def _way_out(person: User | None, kinds: Collection[NoticeKind], *, is_digest: bool) -> str:
    if person is None or not (kinds or is_digest):
        return ""
    return digest_refusal_address(person) if is_digest else unsubscribe_address(person, kinds)


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
    if not is_mailed(user_id=user_id, kind=kind):
        _channel_keep(user_id, [kind], Channel.MAIL)


def unsubscribe_address(person: User, kinds: Collection[NoticeKind]) -> str:
    """The link that refuses letters of some kinds: it needs no sign-in and does not grow old."""
    return _signed(person, sorted(str(kind) for kind in kinds))


def digest_refusal_address(person: User) -> str:
    """The link that refuses the digest."""
    return _signed(person, [_DIGEST])


def _signed(person: User, names: list[str]) -> str:
    token = signing.dumps([person.pk, names], salt=_SALT)
    return settings.SITE_URL + reverse("accounts:unsubscribe", args=[token])


def subscription_of(token: str) -> Subscription:
    """Read a link. Raises NoSuchSubscription (forged, or about nothing that may be refused)."""
    try:
        user_id, names = signing.loads(token, salt=_SALT)
        kinds = tuple(kind for kind in NoticeKind if kind.value in names and kind not in STAFF_KINDS)
        is_digest = names == [_DIGEST]
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise NoSuchSubscription from error
    if not kinds and not is_digest:
        raise NoSuchSubscription
    person = User.objects.filter(pk=user_id, is_active=True).first()
    return Subscription(person, kinds, is_digest=is_digest)


@transaction.atomic
def letters_refuse(*, token: str) -> Subscription:
    """Send the person no more letters of these kinds, or no digest; lines of the inbox go on. Idempotent.

    Raises NoSuchSubscription.
    """
    subscription = subscription_of(token)
    person = subscription.person
    if person is not None:
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        kinds = list(subscription.kinds)
        if subscription.is_digest:
            chosen = channels_chosen(user_id=person.pk)
            kinds = [kind for kind, channel in chosen.items() if channel is Channel.DIGEST]
        _channel_keep(person.pk, kinds, Channel.INBOX)
        digest_leave(user_id=person.pk, kinds=kinds)
    return subscription


def digest_leave(*, user_id: int, kinds: Collection[NoticeKind]) -> None:
    """Take lines of some kinds out of the digest that they wait for; they stay in the inbox."""
    waiting = Notice.objects.filter(user_id=user_id, channel=Channel.DIGEST, digest__isnull=True)
    waiting.filter(kind__in=kinds).update(channel=Channel.INBOX)


def _channel_keep(user_id: int, kinds: Collection[NoticeKind], channel: Channel) -> None:
    NoticeSetting.objects.bulk_create(
        [NoticeSetting(user_id=user_id, kind=kind, channel=channel) for kind in kinds],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["channel"],
    )
