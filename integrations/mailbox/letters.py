"""Reading a letter: who writes to whom, what he says and attaches, and whether a machine wrote it."""

import email
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message
from email.utils import getaddresses, parseaddr

from integrations.mailbox.plain import plain_text
from integrations.mailbox.quotes import own_words

MOST_BYTES = 30 * 1024 * 1024
_MOST_PARTS, _MOST_FILES = 200, 10
_SMALL_PICTURE = 8 * 1024  # of a signature
_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
_MACHINES = frozenset({"mailer-daemon", "postmaster", "noreply", "no-reply"})
_AUTOMATIC_HEADERS = ("X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond", "List-Id")
_AUTOMATIC_SUBJECTS = ("автоответ", "automatic reply", "out of office", "undeliver", "вне офиса")


class LetterUnreadable(Exception):
    """The bytes are no letter that can be read."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says; `automatic` is why no person wrote it, "" where one did."""

    mail_id: str
    sender: str
    subject: str
    addresses: tuple[str, ...]
    text: str
    files: tuple[tuple[str, bytes], ...]
    automatic: str


def letter_read(raw: bytes) -> Letter:
    """Read a letter whatever is wrong with it. Raises LetterUnreadable."""
    if len(raw) > MOST_BYTES:
        raise LetterUnreadable("letter too large")
    try:
        return _read(raw)
    except LetterUnreadable:
        raise
    except Exception as error:  # the boundary: a hostile letter makes the parser say anything
        raise LetterUnreadable(type(error).__name__) from error


def _read(raw: bytes) -> Letter:
    parsed = email.message_from_bytes(raw, policy=policy.default)
    if not isinstance(parsed, EmailMessage) or not parsed.keys():
        raise LetterUnreadable("no headers")
    parts = list(_leaves(parsed))
    body = _body(parts)
    sender = parseaddr(_header(parsed, "From"))[1].lower()
    told = [value for name in _ADDRESSED for value in _headers(parsed, name)]
    return Letter(
        mail_id=(_header(parsed, "Message-ID") or f"<{hashlib.sha256(raw).hexdigest()}@unnamed>")[:300],
        sender=sender[:320],
        subject=_header(parsed, "Subject")[:300],
        addresses=tuple(address for _name, address in getaddresses(told) if address),
        text=own_words(_text(body)) if body is not None else "",
        files=tuple(_files(parts, body)),
        automatic=_automatic(parsed, sender),
    )


def _leaves(message: Message) -> Iterator[Message]:
    """Parts in order; a letter inside of a letter is not opened."""
    stack: list[Message] = [message]
    seen = 0
    while stack:
        part = stack.pop()
        seen += 1
        if seen > _MOST_PARTS:
            raise LetterUnreadable("too many parts")
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            inner = part.get_payload()
            parts = inner if isinstance(inner, list) else []
            stack.extend(one for one in reversed(parts) if isinstance(one, Message))
        elif part.get_content_maintype() != "message":
            yield part


def _body(parts: list[Message]) -> Message | None:
    """The first plain text that is no attachment, else the first HTML."""
    texts = [one for one in parts if one.get_content_maintype() == "text" and not _is_attached(one)]
    plain = [one for one in texts if one.get_content_subtype() == "plain"]
    html = [one for one in texts if one.get_content_subtype() == "html"]
    return next(iter(plain), None) or next(iter(html), None)


def _text(part: Message) -> str:
    data = part.get_payload(decode=True)
    content = data if isinstance(data, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    try:
        text = content.decode(charset, errors="replace")
    except (LookupError, ValueError):
        text = content.decode("utf-8", errors="replace")
    text = _storable(text)
    return plain_text(text) if part.get_content_subtype() == "html" else text


def _files(parts: list[Message], body: Message | None) -> Iterator[tuple[str, bytes]]:
    count = 0
    for part in parts:
        name = part.get_filename() or ""
        if part is body or not (name or _is_attached(part)):
            continue
        data = part.get_payload(decode=True)
        content = data if isinstance(data, bytes) else b""
        is_logo = part.get("Content-ID") and part.get_content_maintype() == "image"
        if not content or (is_logo and len(content) < _SMALL_PICTURE):
            continue
        count += 1
        if count > _MOST_FILES:
            return
        yield _storable(name) or "file", content


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _automatic(parsed: EmailMessage, sender: str) -> str:
    """Machines answer machines without an end: what they send is never taken."""
    submitted = _header(parsed, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return "автоматическое письмо"
    if any(_header(parsed, name) for name in _AUTOMATIC_HEADERS):
        return "автоответ или рассылка"
    if _header(parsed, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}:
        return "рассылка"
    if parsed.get_content_type() == "multipart/report" or _header(parsed, "Return-Path").strip() == "<>":
        return "отчёт о доставке"
    if not sender or sender.partition("@")[0] in _MACHINES:
        return "отправитель не человек"
    if _header(parsed, "Subject").lower().startswith(_AUTOMATIC_SUBJECTS):
        return "автоответ"
    return ""


def _header(parsed: Message, name: str) -> str:
    return next(iter(_headers(parsed, name)), "")


def _headers(parsed: Message, name: str) -> list[str]:
    """Values as one line each; a header that cannot be read is not there."""
    try:
        found = parsed.get_all(name) or []
        return [" ".join(_storable(str(value)).split()) for value in found]
    except Exception:  # the boundary: malformed headers
        return []


def _storable(text: str) -> str:
    """Without NUL and halves of pairs: no database keeps them."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")
