"""Letters come into talks: each once, only from the reader to whom the answered letter was written."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import DataError, IntegrityError, transaction

from accounts.models import User
from counterparties.actor import AccessDenied, Actor
from counterparties.models import Channel, InboundLetter, LetterState, Message, Thread
from counterparties.reply_addresses import reply_address_read
from counterparties.selectors import actor_for
from counterparties.services.threads import event_add, message_write, thread_locked
from counterparties.talk_refusals import TalkRefused
from counterparties.talk_subjects import Words
from finance.workdays import work_days
from integrations.mailbox.imap import Fetched, ImapMailbox, Mailbox
from integrations.mailbox.letters import Letter, LetterUnreadable, letter_read
from portal.files.attachments import Attachment, AttachmentRefused, attachment_read
from portal.files.services import store
from portal.lib.dates import moscow_date

MOST_AT_ONCE = 50
MOST_FAILURES = 5
"""A letter that has failed so often is refused, or it would be tried for ever."""

_SIGNATURE_SECONDS = 300
_FAILURES_KEPT = 24 * 60 * 60

log = structlog.get_logger(__name__)


class SignatureWrong(Exception):
    """The letter was not posted by who knows the secret, or was posted long ago."""


class LetterRefused(Exception):
    """Why a letter does not come into a talk; Russian, for the journal."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The talk that a letter answers, and who writes."""

    thread: Thread
    actor: Actor


def mailbox_fetch(*, at: datetime) -> int:
    """Take what has come to the mailbox; return how many letters. Nothing without an address of one.

    Raises MailboxFault (letters not dealt with come again).
    """
    if not settings.TALK_MAILBOX_URL or not settings.TALK_MAIL_ADDRESS:
        return 0
    with ImapMailbox(settings.TALK_MAILBOX_URL) as mailbox:
        return letters_take(mailbox, at=at)


def letters_take(mailbox: Mailbox, *, at: datetime) -> int:
    """Deal with letters of a mailbox, the oldest first; one that fails does not stop those after it.

    It stays unseen and comes again, until it has failed for the last time. Return how many were dealt with.
    """
    count = 0
    for fetched in mailbox.letters():
        if not _dealt_with(fetched, at=at):
            continue
        mailbox.done(fetched.uid)
        count += 1
        if count == MOST_AT_ONCE:
            break
    return count


def letter_receive(raw: bytes, *, at: datetime) -> InboundLetter | None:
    """Put a letter into its talk or note why not; None for what is no letter at all.

    Idempotent by Message-ID: the same letter from the mailbox and from a webhook is one message.
    """
    try:
        letter = letter_read(raw)
    except LetterUnreadable as reason:
        log.warning("letter_unreadable", reason=str(reason))
        return None
    known = InboundLetter.objects.filter(mail_id=letter.mail_id).first()
    if known is not None:
        return known
    files, refused = _attachments(letter)
    try:
        with transaction.atomic():
            return _taken(letter, raw, files=files, refused=refused, at=at)
    except IntegrityError:  # it came two ways at one moment
        return InboundLetter.objects.get(mail_id=letter.mail_id)
    except (DataError, UnicodeError):  # it will fail as often as it comes
        log.exception("letter_not_stored", mail_id=letter.mail_id)
        return _refused(letter, "письмо нельзя сохранить", at=at)


def signature_check(*, body: bytes, stamp: str, signature: str, at: datetime) -> None:
    """`signature` is HMAC-SHA256 of the stamp (seconds since 1970), a dot and the letter.

    Raises SignatureWrong.
    """
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise SignatureWrong("stamp")
    wanted = hmac.new(settings.TALK_MAIL_SECRET.encode(), f"{stamp}.".encode() + body, sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), signature.removeprefix("sha256=").encode()):
        raise SignatureWrong("signature")
    if abs(at.timestamp() - int(stamp)) > _SIGNATURE_SECONDS:
        raise SignatureWrong("old")


def _dealt_with(fetched: Fetched, *, at: datetime) -> bool:
    """Whether the letter need not come again."""
    if fetched.raw is None:
        log.warning("letter_too_large", uid=fetched.uid)
        return True
    try:
        letter_receive(fetched.raw, at=at)
    except Exception:  # the boundary: letters of others are waiting
        log.exception("letter_failed", uid=fetched.uid)
        return _is_given_up(fetched.raw, at=at)
    return True


def _is_given_up(raw: bytes, *, at: datetime) -> bool:
    """Count a failure of the letter; the last one is noted in the journal.

    While the journal cannot be written either, the letter comes again.
    """
    key = f"mailbox:failures:{sha256(raw).hexdigest()}"
    times = cache.get(key, 0) + 1
    cache.set(key, times, _FAILURES_KEPT)
    if times < MOST_FAILURES:
        return False
    _refused(letter_read(raw), f"не удалось принять, попыток: {times}", at=at)
    return True


def _refused(letter: Letter, reason: str, *, at: datetime) -> InboundLetter:
    """Note in the journal that the letter does not come into a talk."""
    row, _is_new = InboundLetter.objects.get_or_create(
        mail_id=letter.mail_id,
        defaults={
            "sender": letter.sender,
            "subject": letter.subject,
            "received_at": at,
            "state": LetterState.REFUSED,
            "reason": reason,
        },
    )
    return row


def _taken(
    letter: Letter, raw: bytes, *, files: list[Attachment], refused: list[str], at: datetime
) -> InboundLetter:
    row = InboundLetter(
        mail_id=letter.mail_id,
        sender=letter.sender,
        subject=letter.subject,
        received_at=at,
        state=LetterState.TAKEN,
    )
    try:
        found = _found(letter, at=at)
        if found is None:
            row.state, row.reason = LetterState.UNKNOWN, "адрес не ведёт ни к одной переписке"
            row.save()
            return row
        row.thread = found.thread
        row.raw = store(content=raw, name="letter.eml", mime="message/rfc822", source="mailbox")
        row.save()
        _written(letter, found, files=files, refused=refused, at=at)
    except (LetterRefused, TalkRefused, AccessDenied) as refusal:
        row.state, row.reason = LetterState.REFUSED, str(refusal)[:300]
        row.save()
    return row


def _found(letter: Letter, *, at: datetime) -> _Found | None:
    """The talk of the address; None where no address is ours. Raises LetterRefused."""
    named = next((one for one in map(reply_address_read, letter.addresses) if one), None)
    if named is None:
        return None
    token, user_id = named
    thread = Thread.objects.filter(mail_token=token).select_related("holding").first()
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if thread is None or user is None:
        return None
    if letter.automatic:
        raise LetterRefused(letter.automatic)
    if user.email.lower() != letter.sender:
        raise LetterRefused("отправитель не тот, кому было письмо")
    actor = actor_for(user, on=moscow_date(at), holding_id=thread.holding.merged_into_id or thread.holding_id)
    if not Thread.objects.visible_to(actor).filter(pk=thread.pk).exists():
        raise LetterRefused("у отправителя больше нет доступа к переписке")
    return _Found(thread, actor)


def _written(
    letter: Letter, found: _Found, *, files: list[Attachment], refused: list[str], at: datetime
) -> Message:
    message = message_write(
        actor=found.actor,
        thread_id=found.thread.pk,
        words=Words(letter.text or ("" if files else "(письмо без текста)" if refused else ""), files=files),
        calendar=work_days(since=moscow_date(at)).is_working,
        at=at,
        channel=Channel.MAIL,
        mail_id=letter.mail_id,
    )
    if refused:
        thread = thread_locked(found.actor, found.thread.pk)
        for reason in refused:
            event_add(thread, title=f"Вложение не принято: {reason}", author_id=None, at=at)
    return message


def _attachments(letter: Letter) -> tuple[list[Attachment], list[str]]:
    """Files that may be kept, and why others may not; nothing is looked at in what no person wrote."""
    if letter.automatic or not any(map(reply_address_read, letter.addresses)):
        return [], []
    files: list[Attachment] = []
    refused: list[str] = []
    for name, content in letter.files:
        try:
            files.append(attachment_read(BytesIO(content), name=name))
        except AttachmentRefused as refusal:
            refused.append(str(refusal))
    return files, refused
