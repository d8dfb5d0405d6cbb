"""Letters: subject, text and HTML from templates, and a mark by which a repeated letter is recognised."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation

RUSSIAN, ENGLISH = "ru", "en"
LANGUAGES = (RUSSIAN, ENGLISH)
FOLDER = "mail"

LETTER_REFUSED = (SMTPRecipientsRefused, SMTPDataError)
"""What a mail server answers to one letter; other letters may still go through."""

_SUBJECT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class RenderedLetter:
    """A letter as it is read; `subject` is one line."""

    subject: str
    text: str
    html: str


def mail_send(
    *,
    key: str,
    to: Sequence[str],
    template: str,
    context: dict[str, Any],
    subject: str = "",
    language: str = RUSSIAN,
    attachments: Sequence[Attachment] = (),
    unsubscribe: str = "",
    talk: Mapping[str, str] | None = None,
) -> None:
    """Send a letter of templates/mail, such as `invoice`, in a language; `subject` stands for its own.

    The same key gives the same Message-ID, so that a mail server or a reader that gets the letter
    twice can drop one; the key itself stands in X-Job-Key. `unsubscribe` is the address where a letter
    that is not obligatory is refused with one click (RFC 8058); `talk` are the headers by which mail
    programs keep a talk together and answer into it. Raises what the mail server answers.
    """
    told = {**context, "unsubscribe": unsubscribe}
    rendered = letter_render(template, told, subject=subject, language=language)
    headers = {
        "Message-ID": message_id(key),
        "X-Job-Key": key,
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
        **(talk or {}),
    }
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    letter = EmailMultiAlternatives(
        subject=rendered.subject, body=rendered.text, to=list(to), headers=headers
    )
    letter.attach_alternative(rendered.html, "text/html")
    for attachment in attachments:
        letter.attach(attachment.name, attachment.content, attachment.mime)
    letter.send()


def letter_render(
    template: str, context: dict[str, Any], *, language: str, subject: str = ""
) -> RenderedLetter:
    """Fill in a letter; what is not written in the language is taken in Russian.

    Names and words of people are escaped in HTML and stand as they are in text; a subject is one line.
    """
    tongue = language if _is_written(template, language) else RUSSIAN
    with translation.override(tongue):
        filled = {
            "language": tongue,
            "sender": sender_name(),
            "site": site_name(),
            "portal": settings.SITE_URL,
            "seller": "",
            **context,
        }
        subject = subject or _part(template, "subject.txt", filled, tongue)
        subject = filled["subject"] = " ".join(subject.split())[:_SUBJECT_LENGTH]
        text = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", _part(template, "txt", filled, tongue)))
        html = _part(template, "html", filled, tongue)
        return RenderedLetter(subject, text.strip() + "\n", html.lstrip())


def message_id(key: str) -> str:
    """Make a Message-ID out of a job's key, at the domain that the portal writes from."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def sender_name() -> str:
    """Who writes where no organization is named: the name in EMAIL_FROM, else the portal's host."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[0] or site_name()


def site_name() -> str:
    """The portal's host, as people know it."""
    return urlsplit(settings.SITE_URL).netloc


def _path(template: str, part: str, language: str) -> str:
    return "/".join([FOLDER, *([] if language == RUSSIAN else [language]), f"{template}.{part}"])


def _is_written(template: str, language: str) -> bool:
    if language not in LANGUAGES:
        return False
    try:
        get_template(_path(template, "html", language))
    except TemplateDoesNotExist:
        return False
    return True


def _part(template: str, part: str, context: dict[str, Any], language: str) -> str:
    path = _path(template, part, language)
    compiled: Any = get_template(path)
    return str(compiled.template.render(Context(context, autoescape=part == "html")))
