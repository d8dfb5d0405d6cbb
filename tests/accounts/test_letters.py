"""Every letter in both languages, one for each person, and refusing what is not obligatory."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.conf import settings
from django.core import mail, signing
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.letter_samples import SAMPLES
from accounts.models import Language, Notice, NoticeSetting, SentLetter, User
from accounts.notices import NoticeKind
from accounts.selectors.notices import is_mailed
from accounts.services.letters import (
    KEPT,
    NoSuchSubscription,
    letters_purge,
    letters_refuse,
    letters_send,
    letters_want,
    subscription_of,
    unsubscribe_address,
)
from accounts.services.notices import notice_lines, notice_send, notice_settings_save
from portal.lib.mail import FOLDER, LANGUAGES, letter_render
from portal.lib.said import Said, said
from portal.outbox.models import Job
from tests.factories import AT, TODAY, make_user
from tests.integrations.onec_talk import run_jobs

pytestmark = pytest.mark.django_db

TEMPLATES = Path(settings.TEMPLATES[0]["DIRS"][0]) / FOLDER
PARTS = ("subject.txt", "txt", "html")
ONE = {"name": "Иван", "address": "https://portal.example/x/"}


def written(folder: Path) -> set[str]:
    """Names of letters in a folder, whatever part of them is there."""
    names = {path.name.partition(".")[0] for path in folder.iterdir() if path.is_file()}
    return {name for name in names if not name.startswith("_")}


@pytest.fixture
def unresolved(settings: Any) -> Iterator[str]:
    """What an absent variable leaves in a letter."""
    engines = deepcopy(settings.TEMPLATES)
    engines[0]["OPTIONS"]["string_if_invalid"] = "[[%s]]"
    with override_settings(TEMPLATES=engines):
        yield "[["


def hostile(value: Any, name: str = "") -> Any:
    """The same context with a name that injects in place of every text that people write."""
    if isinstance(value, dict):
        return {key: hostile(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner, name) for inner in value]
    if isinstance(value, tuple):
        return (hostile(value[0], name), value[1])
    is_code = name.endswith("address") or name in {"state", "stage", "kind", "change", "asked"}
    return '<img src=x onerror="x">\r\nBcc: x' if isinstance(value, str) and not is_code else value


# --- templates -----------------------------------------------------------------------------------
def test_every_letter_is_written_in_every_language_and_has_a_sample() -> None:
    folders = {language: TEMPLATES if language == "ru" else TEMPLATES / language for language in LANGUAGES}

    missing = [
        f"{folder.name}/{name}.{part}"
        for folder in folders.values()
        for name in SAMPLES
        for part in PARTS
        if not (folder / f"{name}.{part}").is_file()
    ]

    assert missing == []
    assert {language: written(folder) - set(SAMPLES) for language, folder in folders.items()} == {
        language: set() for language in folders
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_letter_lacks_nothing_and_is_in_one_language(name: str, language: str, unresolved: str) -> None:
    sample = SAMPLES[name]

    rendered = letter_render(name, sample.context, language=language)

    for part in (rendered.subject, rendered.text, rendered.html):
        assert unresolved not in part
        assert part.strip()
    assert ("Здравствуйте" in rendered.text) == (language == "ru")
    assert ("Hello" in rendered.text) == (language == "en")
    assert f'<html lang="{language}">' in rendered.html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAMPLES)
def test_names_inject_nothing_into_a_letter(name: str, language: str) -> None:
    rendered = letter_render(name, hostile(SAMPLES[name].context), language=language)

    assert "<img" not in rendered.html
    assert "\n" not in rendered.subject + rendered.subject.replace("\r", "\n")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "changes", "russian", "english"),
    [
        ("stage_decision", {"state": "declined", "answer": ""}, "В доступе отказано", "Access declined"),
        ("stage_decision", {"state": "revoked"}, "Доступ отозван", "Access withdrawn"),
        ("stage_decision", {"entities": [], "until": None}, "Юридические лица: все", "Legal entities: all"),
        ("order_changed", {"is_cancelled": True}, "отменён", "has cancelled order"),
        ("order_changed", {"rows": [], "more": 0}, "снова такой", "is again as you sent it"),
        ("registration_confirm", {"is_client": False, "is_person": False}, "72 часа", "72 hours"),
        ("invoice", {"is_attached": False}, "Выставлен счет", "Here is invoice"),
        ("shipment_papers", {"is_attached": True, "total": None}, "приложены к письму", "and attached"),
        ("price_list", {"is_attached": False}, "Файл ждет вас", "waiting for you"),
        ("exchange_unconfirmed", {"more": 0}, "P-1042, P-1043.", "P-1042, P-1043."),
        ("invitation", {"role": ""}, "Северный Ветер.", "Северный Ветер."),
    ],
)
def test_letter_says_what_has_happened(
    name: str, changes: dict[str, Any], russian: str, english: str, language: str, unresolved: str
) -> None:
    rendered = letter_render(name, {**SAMPLES[name].context, **changes}, language=language)

    told = rendered.subject + "\n" + rendered.text
    assert (russian if language == "ru" else english) in told
    assert unresolved not in told + rendered.html


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_of_notice_has_its_words_in_english(kind: NoticeKind) -> None:
    words = render_to_string("mail/en/_notice_kind.txt", {"kind": kind})

    assert words.strip() not in {"", "A notification"}
    assert words.isascii()


def texts_of_people(value: Any, name: str = "") -> set[str]:
    """What people have written; labels, lines of notices and what is said in both are ours."""
    if isinstance(value, dict):
        return set().union(*(texts_of_people(inner, key) for key, inner in value.items()))
    if isinstance(value, list | tuple):
        return set().union(*(texts_of_people(inner, name) for inner in value))
    is_ours = name.endswith("label") or name in {"title", "text", "error", "last_text", "allowed_text"}
    return set() if is_ours or not isinstance(value, str) else set(filter(None, value.splitlines()))


@pytest.mark.parametrize("name", SAMPLES)
def test_english_letter_has_no_russian_but_names_and_words_of_people(name: str) -> None:
    theirs = texts_of_people([sample.context for sample in SAMPLES.values()])
    theirs |= {"Рассылка о товарах", *(text for one in theirs if (text := escape(one)) != one)}

    rendered = letter_render(name, SAMPLES[name].context, language="en")

    for part in (rendered.subject, rendered.text, rendered.html):
        for text in sorted(theirs, key=len, reverse=True):
            part = part.replace(text, "")
        assert re.findall(r".{0,20}[А-Яа-яЁё].{0,20}", re.sub(r"{#.*?#}", "", part)) == []


def test_notices_come_in_the_language_of_the_person() -> None:
    russian, english = make_user(email="a@example.com"), make_user(email="b@example.com")
    User.objects.filter(pk=english.pk).update(language=Language.ENGLISH)
    title = said("Заказ {number}: {state}", "Order {number}: {state}", number=7, state=Said("ждет", "waits"))

    notice_send(
        user_ids=[russian.pk, english.pk],
        kind=NoticeKind.ORDER_STATE,
        reference="order:7",
        day=TODAY,
        title=title,
        text="Позвоните мне",
        at=AT,
    )
    run_jobs()

    told = {letter.to[0]: letter.body for letter in mail.outbox}
    assert ("Заказ 7: ждет" in told["a@example.com"], "Order 7" in told["a@example.com"]) == (True, False)
    assert ("Order 7: waits" in told["b@example.com"], "Заказ" in told["b@example.com"]) == (True, False)
    assert ["Позвоните мне" in text for text in told.values()] == [True, True]
    assert list(Notice.objects.values_list("title", flat=True).distinct()) == ["Заказ 7: ждет"]


def test_notice_of_old_is_written_in_english_as_it_was() -> None:
    assert notice_lines(Notice(kind="overdue", title="Долг", text="Срок")) == {
        "kind": "overdue",
        "title": "Долг",
        "text": "Срок",
        "title_english": "Долг",
        "text_english": "Срок",
        "address": "",
    }


# --- one for each --------------------------------------------------------------------------------
def test_each_gets_a_letter_of_his_own_in_his_language() -> None:
    russian, english = make_user(email="a@example.com"), make_user(email="b@example.com")
    User.objects.filter(pk=english.pk).update(language=Language.ENGLISH)

    count = letters_send(
        key="j:1",
        to=[russian.email, "B@example.com", "box@example.com", "", "A@example.com"],
        letter="password_reset",
        context=ONE,
    )

    assert count == 3
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [
        (["A@example.com"], "Новый пароль для портала"),
        (["B@example.com"], "A new password for the portal"),
        (["box@example.com"], "Новый пароль для портала"),
    ]
    assert mail.outbox[0].message()["X-Job-Key"] == "j:1:A@example.com"
    assert len({letter.message()["Message-ID"] for letter in mail.outbox}) == 3


def test_repeat_sends_to_nobody_twice() -> None:
    for addresses in (["a@example.com"], ["a@example.com", "b@example.com"]):
        letters_send(key="j:1", to=addresses, letter="password_reset", context=ONE)
    letters_send(key="j:2", to=["a@example.com"], letter="password_reset", context=ONE)

    assert [letter.to for letter in mail.outbox] == [["a@example.com"], ["b@example.com"], ["a@example.com"]]
    assert SentLetter.objects.count() == 3


def test_refused_address_keeps_the_letter_from_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    send = mail.EmailMultiAlternatives.send
    bad = ["bad@example.com"]

    def refuse(self: mail.EmailMultiAlternatives, fail_silently: bool = False) -> int:
        if self.to == bad:
            raise SMTPRecipientsRefused({"bad@example.com": (550, b"no such box")})
        return send(self, fail_silently)

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", refuse)

    for _attempt in range(2):
        with pytest.raises(SMTPRecipientsRefused):
            letters_send(key="j", to=[*bad, "good@example.com"], letter="password_reset", context=ONE)

    assert [letter.to for letter in mail.outbox] == [["good@example.com"]]
    assert list(SentLetter.objects.values_list("address", "letter", "language")) == [
        ("good@example.com", "password_reset", "ru")
    ]


def test_lost_connection_ends_the_attempt_and_notes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", fail)

    with pytest.raises(ConnectionRefusedError):
        letters_send(key="j", to=["a@example.com"], letter="password_reset", context=ONE)
    assert not SentLetter.objects.exists()


def test_old_letters_are_forgotten() -> None:
    letters_send(key="j", to=["a@example.com"], letter="password_reset", context=ONE)

    kept = letters_purge(at=timezone.now() + KEPT - timedelta(minutes=1))
    removed = letters_purge(at=timezone.now() + KEPT + timedelta(minutes=1))

    assert (kept, removed) == (0, 1)


# --- refusing ------------------------------------------------------------------------------------
def token_of(person: User, *kinds: NoticeKind) -> str:
    return unsubscribe_address(person, kinds).rstrip("/").rpartition("/")[2]


def link_of(person: User, *kinds: NoticeKind) -> str:
    return reverse("accounts:unsubscribe", args=[token_of(person, *kinds)])


def test_notices_carry_the_link_that_refuses_them() -> None:
    person = make_user()
    notice_send(
        user_ids=[person.pk],
        kind=NoticeKind.OVERDUE,
        reference="ledger:17",
        day=TODAY,
        title="Просрочен УТ-17",
        at=AT,
    )
    job = Job.objects.get()
    letters_send(
        key=str(job.pk),
        to=[person.email, "stranger@example.com"],
        letter="notices",
        context=SAMPLES["notices"].context,
        kinds=[NoticeKind.OVERDUE],
    )

    own, strangers = mail.outbox
    address = own.message()["List-Unsubscribe"].strip("<>")
    assert address.startswith("http://localhost:8000/accounts/unsubscribe/")
    assert subscription_of(address.rstrip("/").rpartition("/")[2]).kinds == (NoticeKind.OVERDUE,)
    assert "List-Unsubscribe" not in strangers.message()


def test_opening_the_link_asks_and_changes_nothing() -> None:
    person = make_user()

    page = Client().get(link_of(person, NoticeKind.OVERDUE))

    body = page.content.decode()
    assert page.status_code == 200
    assert "Оплата просрочена" in body
    assert '<button class="btn btn-primary btn-wide" type="submit">Не присылать</button>' in body
    assert "no-store" in page["Cache-Control"]
    assert not NoticeSetting.objects.exists()


def test_one_click_of_a_mail_program_refuses_these_kinds_only_and_may_be_repeated() -> None:
    person = make_user()
    client = Client(enforce_csrf_checks=True)
    link = link_of(person, NoticeKind.OVERDUE, NoticeKind.DUE_SOON)

    answers = [client.post(link, {"List-Unsubscribe": "One-Click"}) for _click in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert "Больше не пишем" in answers[0].content.decode()
    assert sorted(NoticeSetting.objects.values_list("user_id", "kind", "channel")) == [
        (person.pk, "due_soon", "inbox"),
        (person.pk, "overdue", "inbox"),
    ]
    assert is_mailed(user_id=person.pk, kind=NoticeKind.BLOCKED)
    assert "sessionid" not in answers[0].cookies


def test_refused_kind_comes_to_the_inbox_without_a_letter() -> None:
    person = make_user()
    letters_refuse(token=token_of(person, NoticeKind.OVERDUE))

    notice_send(user_ids=[person.pk], kind=NoticeKind.OVERDUE, reference="x", day=TODAY, title="Долг", at=AT)

    assert (Notice.objects.count(), Job.objects.count()) == (1, 0)


def test_page_is_in_the_language_of_the_person() -> None:
    person = make_user()
    notice_settings_save(
        user_id=person.pk, mailed=set(NoticeKind), quiet_hours=None, language=Language.ENGLISH
    )

    page = Client().get(link_of(person, NoticeKind.GOODS_ARRIVED)).content.decode()

    assert "Stop these letters?" in page
    assert "Goods you were waiting for have arrived" in page
    assert "Не присылать" not in page


def test_link_of_a_person_who_has_left_says_so() -> None:
    person = make_user()
    link = link_of(person, NoticeKind.OVERDUE)
    User.objects.filter(pk=person.pk).update(is_active=False)

    seen, pressed = Client().get(link), Client().post(link)

    assert (seen.status_code, pressed.status_code) == (200, 200)
    assert "Писем больше не будет" in pressed.content.decode()
    assert person.email not in pressed.content.decode()
    assert not NoticeSetting.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("case", ["forged", "another salt", "another kind", "nothing", "of employees"])
def test_forged_link_is_not_found(case: str, method: str) -> None:
    person = make_user()
    token = {
        "forged": token_of(person, NoticeKind.OVERDUE)[:-2] + "zz",
        "another salt": signing.dumps([person.pk, ["overdue"]], salt="elsewhere"),
        "another kind": signing.dumps([person.pk, ["invoice"]], salt="accounts.unsubscribe"),
        "nothing": token_of(person),
        "of employees": token_of(person, NoticeKind.CREDIT_OVERRIDE),
    }[case]

    answer = getattr(Client(), method)(reverse("accounts:unsubscribe", args=[token]))

    assert answer.status_code == 404
    assert not NoticeSetting.objects.exists()
    with pytest.raises(NoSuchSubscription):
        subscription_of(token)


def test_forged_links_are_counted_and_right_ones_are_not() -> None:
    person = make_user()
    client = Client()

    right = [client.post(link_of(person, NoticeKind.OVERDUE)).status_code for _try in range(40)]
    forged = [client.get("/accounts/unsubscribe/forged/").status_code for _try in range(6)]

    assert set(right) == {200}
    assert forged == [404] * 5 + [429]


def test_wanting_letters_again_undoes_a_refusal() -> None:
    person = make_user()
    letters_refuse(token=token_of(person, NoticeKind.PRICE_LIST))

    letters_want(user_id=person.pk, kind=NoticeKind.PRICE_LIST)
    letters_want(user_id=person.pk, kind=NoticeKind.OVERDUE)

    assert is_mailed(user_id=person.pk, kind=NoticeKind.PRICE_LIST)
    assert NoticeSetting.objects.count() == 1


def test_language_is_chosen_beside_the_notices() -> None:
    person = make_user()
    client = Client()
    client.force_login(person)

    wrong = client.post(reverse("accounts:notice_settings"), {"language": "fr"})
    person.refresh_from_db()
    assert (wrong.status_code, person.language) == (422, "ru")

    kept = client.post(reverse("accounts:notice_settings"), {"language": "en"})
    person.refresh_from_db()
    assert (kept.status_code, person.language) == (302, "en")
    page = client.get(reverse("accounts:notice_settings")).content.decode()
    assert 'name="language" value="en" checked' in page


# --- samples in the administration ---------------------------------------------------------------
@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("root@portal.example", full_name="Администратор")


@pytest.fixture
def admin_browser(administrator: User) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


def page_of(page: str, *args: str) -> str:
    return reverse(f"admin:accounts_sentletter_{page}", args=args)


def test_administrator_sees_every_letter_in_both_languages(admin_browser: Client) -> None:
    listed = admin_browser.get(page_of("samples")).content.decode()
    shown = admin_browser.get(page_of("sample", "invoice", "en")).content.decode()

    assert all(page_of("sample", name, language) in listed for name in SAMPLES for language in LANGUAGES)
    assert "Invoice No. 1042 of 23.11.2026, order P-1042" in shown
    assert f'sandbox title="Письмо, телефон" src="{page_of("body", "invoice", "en")}"' in shown
    assert "RUB 106,555.13" in shown
    assert page_of("samples") in admin_browser.get(page_of("changelist")).content.decode()


def test_frame_of_a_letter_runs_and_loads_nothing(admin_browser: Client) -> None:
    answer = admin_browser.get(page_of("body", "notices", "ru"))

    policy = {part.strip() for part in answer["Content-Security-Policy"].split(";")}
    assert policy == {
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "sandbox",
    }
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "Не присылать таких писем" in answer.content.decode()


def test_administrator_sends_a_sample_to_himself(admin_browser: Client, administrator: User) -> None:
    answer = admin_browser.post(page_of("send", "invoice", "en"))

    (letter,) = mail.outbox
    assert answer["Location"] == page_of("sample", "invoice", "en")
    assert letter.to == [administrator.email]
    assert letter.subject == "Образец: Invoice No. 1042 of 23.11.2026, order P-1042"
    assert not SentLetter.objects.exists()


def test_sample_that_the_server_refuses_is_told_on_the_page(
    admin_browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: object) -> None:
        raise ConnectionRefusedError("no server")

    monkeypatch.setattr(mail.EmailMultiAlternatives, "send", fail)

    page = admin_browser.post(page_of("send", "invoice", "ru"), follow=True).content.decode()

    assert "Почтовый сервер не принял письмо: no server" in page
    assert mail.outbox == []


@pytest.mark.parametrize(("letter", "language"), [("nothing", "ru"), ("invoice", "fr"), ("_layout", "ru")])
def test_unknown_sample_is_not_found(admin_browser: Client, letter: str, language: str) -> None:
    pages = [page_of(page, letter, language) for page in ("sample", "body")]

    answers = [admin_browser.get(page).status_code for page in pages]
    answers.append(admin_browser.post(page_of("send", letter, language)).status_code)

    assert answers == [404, 404, 404]
    assert mail.outbox == []


@pytest.mark.parametrize("is_staff", [True, False])
def test_samples_are_for_administrators_only(is_staff: bool) -> None:
    client = Client()
    client.force_login(make_user(is_staff=is_staff))

    answers = {
        client.get(page_of("samples")).status_code,
        client.get(page_of("sample", "invoice", "ru")).status_code,
        client.get(page_of("body", "invoice", "ru")).status_code,
        client.post(page_of("send", "invoice", "ru")).status_code,
    }

    assert answers <= {302, 403}
    assert mail.outbox == []
