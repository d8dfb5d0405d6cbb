"""Consents: the words in force, giving and taking back."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from counterparties.actor import AccessDenied, Actor
from counterparties.consent_words import FIRST_TITLES, FIRST_WORDS
from counterparties.events import ConsentWithdrawn
from counterparties.models import Consent, ConsentKind, ConsentText, Registration
from portal import outbox


def text_sha256(title: str, text: str) -> str:
    """The checksum that proves which words a person saw."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()


def consent_text_current(kind: ConsentKind, *, at: datetime) -> ConsentText:
    """The newest published edition; the first one is made when there is none."""
    published = ConsentText.objects.filter(kind=kind, published_at__isnull=False)
    newest = published.order_by("-version").first()
    if newest is not None:
        return newest
    title, words = FIRST_TITLES[kind], FIRST_WORDS[kind]
    first, _is_new = ConsentText.objects.get_or_create(
        kind=kind,
        version=1,
        defaults={
            "title": title,
            "text": words,
            "sha256": text_sha256(title, words),
            "published_at": at,
        },
    )
    return first


@transaction.atomic
def consent_text_publish(*, text_id: int, at: datetime) -> ConsentText:
    """Put an edition in force; from then on the database refuses any change of it. Idempotent."""
    text = ConsentText.objects.select_for_update().get(pk=text_id)
    if text.published_at is None:
        text.sha256 = text_sha256(text.title, text.text)
        text.published_at = at
        text.save(update_fields=["sha256", "published_at"])
    return text


@transaction.atomic
def consents_give(
    *, texts: Iterable[ConsentText], registration: Registration, ip: str | None, at: datetime
) -> list[Consent]:
    """Note that the applicant agreed to exactly these texts."""
    return Consent.objects.bulk_create(
        Consent(
            text=text,
            text_sha256=text.sha256,
            registration=registration,
            email=registration.email,
            ip=ip or None,
            given_at=at,
        )
        for text in texts
    )


@transaction.atomic
def consent_withdraw(*, consent_id: int, actor: Actor, ip: str | None, at: datetime) -> Consent:
    """Take back one's own consent. Idempotent.

    Raises Consent.DoesNotExist (somebody else's), AccessDenied in another's cabinet: a consent is
    personal.
    """
    if actor.impersonator_id is not None or actor.is_read_only:
        raise AccessDenied("Согласие отзывает только сам человек")
    consent = Consent.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=consent_id)
    if consent.withdrawn_at is None:
        consent.withdrawn_at, consent.withdrawn_ip = at, ip or None
        consent.save(update_fields=["withdrawn_at", "withdrawn_ip"])
        outbox.publish(ConsentWithdrawn(consent_id=consent.pk))
    return consent
