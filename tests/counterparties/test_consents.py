"""Consents: exact words, kept for ever, taken back by the person himself."""

import hashlib

import pytest
from django.core import mail
from django.db import ProgrammingError, transaction
from django.db.models.deletion import ProtectedError
from django.test import Client
from django.urls import reverse

from counterparties.actor import AccessDenied
from counterparties.models import Consent, ConsentKind, ConsentText
from counterparties.services.consents import (
    consent_text_current,
    consent_text_publish,
    consent_withdraw,
)
from counterparties.services.registration_letters import consent_withdrawn_mail
from tests.counterparties.applications import EMAIL, jobs, on_review
from tests.factories import AT, World, actor_of

pytestmark = pytest.mark.django_db


def own_browser(world: World) -> tuple[Client, Consent]:
    registration = on_review(world.city)
    client = Client()
    client.force_login(registration.user)  # type: ignore[arg-type]
    return client, Consent.objects.get(registration=registration, text__kind="personal_data")


def edition(version: int = 2) -> ConsentText:
    return ConsentText.objects.create(
        kind="personal_data", version=version, title="Новое", text="Слова", sha256=""
    )


def test_first_edition_is_made_once_with_its_checksum() -> None:
    texts = [consent_text_current(ConsentKind.PERSONAL_DATA, at=AT) for _time in range(2)]

    assert texts[0] == texts[1]
    assert ConsentText.objects.count() == 1
    seen = f"{texts[0].title}\n{texts[0].text}".encode()
    assert texts[0].sha256 == hashlib.sha256(seen).hexdigest()
    assert "152-ФЗ" in texts[0].text


def test_published_edition_replaces_the_former_one_only_after_publishing() -> None:
    first = consent_text_current(ConsentKind.PERSONAL_DATA, at=AT)
    second = edition()

    assert consent_text_current(ConsentKind.PERSONAL_DATA, at=AT) == first
    consent_text_publish(text_id=second.pk, at=AT)
    assert consent_text_current(ConsentKind.PERSONAL_DATA, at=AT) == second


def test_draft_edition_may_be_changed() -> None:
    draft = edition()

    ConsentText.objects.filter(pk=draft.pk).update(text="Другие слова")
    draft.delete()

    assert ConsentText.objects.count() == 0


def test_published_edition_refuses_any_change() -> None:
    text = consent_text_current(ConsentKind.PERSONAL_DATA, at=AT)

    with (
        pytest.raises(ProgrammingError, match="Cannot update or delete rows from counterparties_consenttext"),
        transaction.atomic(),
    ):
        ConsentText.objects.filter(pk=text.pk).update(text="Другое")
    with (
        pytest.raises(ProgrammingError, match="Cannot update or delete rows from counterparties_consenttext"),
        transaction.atomic(),
    ):
        text.delete()


def test_given_consent_is_frozen_and_kept(world: World) -> None:
    _client, consent = own_browser(world)

    with (
        pytest.raises(ProgrammingError, match="Cannot update rows from counterparties_consent"),
        transaction.atomic(),
    ):
        Consent.objects.filter(pk=consent.pk).update(text_sha256="0" * 64)
    with (
        pytest.raises(ProgrammingError, match="Cannot delete rows from counterparties_consent"),
        transaction.atomic(),
    ):
        consent.delete()
    with pytest.raises(ProtectedError):
        consent.text.delete()


def test_person_sees_his_consents_and_their_words(world: World) -> None:
    client, consent = own_browser(world)

    page = client.get(reverse("counterparties:consents")).content.decode()
    words = Client().get(reverse("counterparties:consent_text", args=[consent.text_id])).content.decode()

    assert consent.text.title in page
    assert consent.text.sha256 in words


def test_draft_words_are_not_shown(world: World) -> None:
    draft = edition()

    assert Client().get(reverse("counterparties:consent_text", args=[draft.pk])).status_code == 404


def test_withdrawal_is_noted_once_and_told(world: World) -> None:
    client, consent = own_browser(world)
    url = reverse("counterparties:consent_withdraw", args=[consent.pk])

    answers = [client.post(url).status_code for _click in range(2)]

    assert answers == [302, 302]
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    assert consent.withdrawn_ip == "127.0.0.1"
    assert jobs().count("send_consent_withdrawal") == 1
    assert consent_withdrawn_mail(consent_id=consent.pk, key="k") == 1
    assert mail.outbox[0].to == [world.administrator.email]
    assert EMAIL in mail.outbox[0].body


def test_consent_of_another_person_is_not_found(world: World) -> None:
    _client, consent = own_browser(world)
    stranger = Client()
    stranger.force_login(world.buyer)

    answer = stranger.post(reverse("counterparties:consent_withdraw", args=[consent.pk]))

    assert answer.status_code == 404
    consent.refresh_from_db()
    assert consent.withdrawn_at is None


def test_manager_inside_the_cabinet_withdraws_nothing(world: World) -> None:
    _client, consent = own_browser(world)

    with pytest.raises(AccessDenied):
        consent_withdraw(
            consent_id=consent.pk, actor=actor_of(world.buyer, impersonator=world.manager), ip=None, at=AT
        )
