"""Letters come into talks: each once, only from the reader to whom the answered letter was written."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from counterparties.actor import AccessDenied, Actor
from counterparties.models import Channel, InboundLetter, LetterState, Message, Thread
from counterparties.reply_addresses import reply_address_read
from counterparties.selectors import actor_for
from counterparties.services.threads import event_add, message_write, thread_locked
from counterparties.talk_refusals import TalkRefused
from counterparties.talk_subjects import Words
from finance.workdays import work_days
from integrations.mailbox.imap import ImapMailbox, Mailbox, MailboxFault
from integrations.mailbox.letters import Letter, LetterUnreadable, letter_read
from portal.files.attachments import Attachment, AttachmentRefused, attachment_read
from portal.files.services import store
from portal.lib.dates import moscow_date

_SIGNATURE_SECONDS = 300

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
    """Deal with every letter of a mailbox; one that cannot be dealt with now does not stop the others."""
    count = 0
    for fetched in mailbox.letters():
        try:
            if fetched.raw is not None:
                letter_receive(fetched.raw, at=at)
            else:
                log.warning("letter_too_large", uid=fetched.uid)
        except MailboxFault:
            raise
        except Exception:  # it stays unseen and comes again
            log.exception("letter_failed", uid=fetched.uid)
            continue
        mailbox.done(fetched.uid)
        count += 1
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
