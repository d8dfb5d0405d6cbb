"""Letters: text and HTML from templates, and a mark by which a repeated letter is recognised."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    mime: str


def mail_send(
    *,
    key: str,
    to: Sequence[str],
    subject: str,
    template: str,
    context: dict[str, Any],
    attachments: Sequence[Attachment] = (),
) -> None:
    """Send `<template>.txt` and `<template>.html` as one letter.

    The same key gives the same Message-ID, so that a mail server or a reader that gets the letter
    twice can drop one; the key itself stands in X-Job-Key. Raises what the mail server answers.
    """
    letter = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{template}.txt", context),
        to=list(to),
        headers={"Message-ID": message_id(key), "X-Job-Key": key, "Auto-Submitted": "auto-generated"},
    )
    letter.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    for attachment in attachments:
        letter.attach(attachment.name, attachment.content, attachment.mime)
    letter.send()


def message_id(key: str) -> str:
    """Make a Message-ID out of a job's key, at the domain that the portal writes from."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"
