"""Letters out of templates: languages, one-line subjects, escaped HTML, marks and headers."""

from smtplib import SMTPDataError

import pytest
from django.core import mail
from pytest_django import Settings

from accounts.letter_samples import SAMPLES
from portal.lib.mail import Attachment, letter_render, mail_send, message_id, sender_name

INVOICE = SAMPLES["invoice"].context


def test_letter_is_written_in_the_language_asked_for() -> None:
    russian = letter_render("invoice", INVOICE, language="ru")
    english = letter_render("invoice", INVOICE, language="en")

    assert russian.subject == "Счет № 1042 от 23.11.2026 по заказу P-1042"
    assert english.subject == "Invoice No. 1042 of 23.11.2026, order P-1042"
    assert "на 106\u00a0555,13 руб." in russian.text
    assert "RUB 106,555.13" in english.text
    assert '<html lang="en">' in english.html


def test_letter_without_the_language_is_russian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.lib.mail.LANGUAGES", ("ru",))

    rendered = letter_render("invoice", INVOICE, language="en")

    assert rendered.subject.startswith("Счет")
    assert '<html lang="ru">' in rendered.html


def test_names_are_escaped_in_html_only_and_a_subject_is_one_line() -> None:
    hostile = {**INVOICE, "order": "1\r\nBcc: all@example.com", "buyer": "<img src=x>"}

    rendered = letter_render("invoice", hostile, language="ru")

    assert "\n" not in rendered.subject
    assert "\r" not in rendered.subject
    assert "&lt;img src=x&gt;" in rendered.html
    assert "<img" not in rendered.html
    assert "Плательщик: <img src=x>" in rendered.text


def test_text_has_no_idle_lines() -> None:
    rendered = letter_render("order_changed", SAMPLES["order_changed"].context, language="ru")

    assert "\n\n\n" not in rendered.text
    assert not rendered.text.startswith("\n")
    assert "{#" not in rendered.text


def test_obligatory_letter_has_no_way_to_refuse_it() -> None:
    mail_send(key="k", to=["a@example.com"], template="invoice", context=INVOICE)

    (letter,) = mail.outbox
    assert "List-Unsubscribe" not in letter.message()
    assert "Не присылать таких писем" not in letter.body
    assert letter.message()["Content-Language"] == "ru"
    assert letter.message()["Auto-Submitted"] == "auto-generated"
    assert (letter.message()["X-Job-Key"], letter.message()["Message-ID"]) == ("k", message_id("k"))


def test_other_letters_are_refused_with_one_click() -> None:
    mail_send(
        key="k",
        to=["a@example.com"],
        template="notices",
        context=SAMPLES["notices"].context,
        language="en",
        unsubscribe="https://portal.example/accounts/unsubscribe/1:abc/",
    )

    (letter,) = mail.outbox
    message = letter.message()
    assert message["List-Unsubscribe"] == "<https://portal.example/accounts/unsubscribe/1:abc/>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    raw = message.as_bytes().replace(b"\n ", b" ")
    assert b"List-Unsubscribe: <https://portal.example/accounts/unsubscribe/1:abc/>" in raw
    assert "Stop such letters:\nhttps://portal.example/accounts/unsubscribe/1:abc/" in letter.body
    assert 'href="https://portal.example/accounts/unsubscribe/1:abc/"' in letter.alternatives[0][0]


def test_files_go_with_the_letter() -> None:
    file = Attachment("Счет.pdf", b"%PDF-", "application/pdf")

    mail_send(key="k", to=["a@example.com"], template="invoice", context=INVOICE, attachments=[file])

    assert mail.outbox[0].attachments == [("Счет.pdf", b"%PDF-", "application/pdf")]


def test_refusal_of_the_mail_server_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object) -> None:
        raise SMTPDataError(554, b"no")

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)

    with pytest.raises(SMTPDataError):
        mail_send(key="k", to=["a@example.com"], template="invoice", context=INVOICE)
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("address", "name"),
    [("Опт-Портал <mail@portal.example>", "Опт-Портал"), ("mail@portal.example", "portal.example")],
)
def test_writer_is_named_by_the_setting_or_by_the_host(settings: Settings, address: str, name: str) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.SITE_URL = address, "https://portal.example"

    assert sender_name() == name
