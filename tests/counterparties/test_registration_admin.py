"""Applications, consents and change requests in the administrator's hands."""

import pytest
from django.test import Client
from django.urls import reverse

from counterparties.models import ChangeRequest, Consent, ConsentText, Registration
from counterparties.services.changes import requisites_change_ask
from tests.counterparties.applications import on_review
from tests.factories import AT, World, actor_of


@pytest.fixture
def browser(world: World) -> Client:
    client = Client()
    client.force_login(world.administrator)
    return client


def url(model: str, page: str, *args: int) -> str:
    return reverse(f"admin:counterparties_{model}_{page}", args=args)


def test_lists_and_cards_open_and_are_read_only(world: World, browser: Client) -> None:
    on_review(world.city, inn=world.entity.inn)
    requisites_change_ask(
        actor=actor_of(world.head), legal_entity_id=world.entity.pk,
        values={"phone": "+7 495 111-22-33"}, comment="", at=AT,
    )  # fmt: skip

    for name, model in (
        ("registration", Registration),
        ("changerequest", ChangeRequest),
        ("consent", Consent),
    ):
        row = model.objects.latest("pk")  # type: ignore[attr-defined]
        assert browser.get(url(name, "changelist")).status_code == 200
        assert browser.get(url(name, "change", row.pk)).status_code == 200
        assert browser.post(url(name, "change", row.pk), {"state": "approved"}).status_code == 403
        assert browser.post(url(name, "delete", row.pk), {"post": "yes"}).status_code == 403
        assert browser.get(url(name, "add")).status_code == 403


def test_text_is_drafted_published_and_then_frozen(world: World, browser: Client) -> None:
    draft = {"kind": "news", "version": 1, "title": "Рассылка", "text": "Слова"}
    browser.post(url("consenttext", "add"), draft)
    text = ConsentText.objects.get()
    browser.post(url("consenttext", "change", text.pk), draft | {"text": "Другие слова"})
    text.refresh_from_db()
    first_sha = text.sha256

    browser.post(url("consenttext", "changelist"), {"action": "publish", "_selected_action": [text.pk]})
    refused = browser.post(url("consenttext", "change", text.pk), draft | {"text": "Третьи"})

    text.refresh_from_db()
    assert (text.text, text.sha256, text.published_at is not None) == ("Другие слова", first_sha, True)
    assert refused.status_code == 403
    assert browser.post(url("consenttext", "delete", text.pk), {"post": "yes"}).status_code == 403
