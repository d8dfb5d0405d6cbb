"""From the ИНН to a confirmed application: the applicant's pages and letters."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counterparties.models import (
    REGISTRATION_STEPS,
    AccessRequest,
    Consent,
    Registration,
    RegistrationState,
)
from counterparties.registration_refusals import (
    AlreadyConfirmed,
    LinkDead,
    NotAccepted,
    PasswordNeeded,
    WrongRequisites,
    WrongStep,
)
from counterparties.services import registration as services
from counterparties.services.registration import (
    registration_confirm,
    registration_of_token,
    registration_token,
    require_step,
)
from counterparties.services.registration_letters import confirmation_mail
from portal.outbox.models import Job
from tests.counterparties.applications import EMAIL, PASSWORD, application, jobs, on_review, started
from tests.factories import AT, World, make_inn, make_person, make_sku, make_user

JOIN = reverse("counterparties:join")
COMPANY = reverse("counterparties:join_company")
SENT = reverse("counterparties:join_sent")


def asked(inn: str) -> Client:
    """A stranger's browser after the first question."""
    client = Client()
    assert client.post(JOIN, {"inn": inn})["Location"] == COMPANY
    return client


def form_of(client: Client, world: World, **changes: Any) -> dict[str, Any]:
    """The second page filled in."""
    form = client.get(COMPANY).context["form"]
    one = application(world.city)
    names = ("kind", "name", "full_name", "kpp", "legal_address", "contact_name", "phone", "email")
    values = {name: getattr(one, name) for name in names}
    return (
        values
        | {"city": world.city.pk, "personal_data": "on", "seen_texts": form["seen_texts"].value()}
        | changes
    )


# --- the first question --------------------------------------------------------------------------
def test_join_page_is_linked_from_the_sign_in_page(db: None) -> None:
    page = Client().get(reverse("account_login")).content.decode()

    assert f'href="{JOIN}">Стать клиентом</a>' in page


@pytest.mark.parametrize("inn", ["7707083894", "123", "", "٧٧٠٧٠٨٣٨٩٣", "0000000000"])
def test_join_refuses_a_wrong_inn(db: None, inn: str) -> None:
    page = Client().post(JOIN, {"inn": inn})

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["inn"]


def test_join_takes_an_inn_with_spaces(db: None) -> None:
    client = Client()

    client.post(JOIN, {"inn": " 7707\u00a0083 893 "})

    assert client.session["join"] == {"inn": "7707083893", "facts": {}}


def test_company_page_asks_the_inn_first(db: None) -> None:
    assert Client().get(COMPANY)["Location"] == JOIN


# --- the application -----------------------------------------------------------------------------
def test_application_is_kept_with_consents_and_a_letter(world: World) -> None:
    inn = make_inn()
    client = asked(inn)

    answer = client.post(COMPANY, form_of(client, world, email="Ivan@Newcomer.example", news="on"))

    assert answer["Location"] == SENT
    registration = Registration.objects.get()
    assert (registration.state, registration.inn, registration.email) == ("draft", inn, EMAIL)
    assert registration.user is None
    given = Consent.objects.order_by("pk")
    assert [one.text.kind for one in given] == ["personal_data", "news"]
    assert all(one.text_sha256 == one.text.sha256 and one.ip == "127.0.0.1" for one in given)
    assert jobs() == ["send_registration_confirmation"]


def test_application_without_consent_is_not_kept(world: World) -> None:
    client = asked(make_inn())

    page = client.post(COMPANY, form_of(client, world, personal_data=""))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["personal_data"]
    assert (Registration.objects.count(), Consent.objects.count(), Job.objects.count()) == (0, 0, 0)


def test_application_to_an_older_edition_of_the_consent_is_asked_again(world: World) -> None:
    client = asked(make_inn())

    page = client.post(COMPANY, form_of(client, world, seen_texts="0,0"))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["personal_data"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kpp": ""}, "kpp"),
        ({"kpp": "77010100"}, "kpp"),
        ({"ogrn": "1027700132196"}, "ogrn"),
        ({"legal_address": "Москва"}, "legal_address"),
        ({"phone": "звоните"}, "phone"),
        ({"email": "нет"}, "email"),
        ({"city": "0"}, "city"),
        ({"kind": "zao"}, "kind"),
        ({"kind": "ip"}, "__all__"),
        ({"head_name": "12345"}, "head_name"),
    ],
)
def test_application_names_the_wrong_field(world: World, changes: dict[str, str], field: str) -> None:
    client = asked(make_inn())

    page = client.post(COMPANY, form_of(client, world, **changes))

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert Registration.objects.count() == 0


def test_service_refuses_wrong_requisites_by_itself(world: World) -> None:
    with pytest.raises(WrongRequisites) as refusal:
        started(world.city, inn="7707083894")

    assert list(refusal.value.errors) == ["inn"]
    assert Registration.objects.count() == 0


def test_pages_do_not_tell_whether_a_company_or_an_address_is_known(world: World) -> None:
    def pages(inn: str, email: str) -> list[tuple[int, str, list[str]]]:
        client = asked(inn)
        data = form_of(client, world, email=email)
        before = set(Job.objects.values_list("pk", flat=True))
        answers = [client.post(COMPANY, data, follow=True)]
        new_jobs = sorted(Job.objects.exclude(pk__in=before).values_list("handler", flat=True))
        return [
            (one.status_code, re.sub(r'"X-CSRFToken": "\w+"', "", one.content.decode()), new_jobs)
            for one in answers
        ]

    unknown = pages(make_inn(), "nobody@unknown.example")

    assert pages(world.entity.inn, "somebody@unknown.example") == unknown
    assert pages(make_inn(), world.buyer.email) == unknown
    assert pages(world.entity.inn, world.manager.email) == unknown


def test_fourth_application_from_one_address_in_an_hour_is_put_off(world: World, settings: Any) -> None:
    # A cache of its own: tests beside this one empty the shared one.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    statuses = []
    for _number in range(4):
        client = asked(make_inn())
        statuses.append(client.post(COMPANY, form_of(client, world)).status_code)

    assert statuses == [302, 302, 302, 429]
    assert Registration.objects.count() == 3


# --- the letter ----------------------------------------------------------------------------------
def test_letter_to_a_new_company_holds_the_link_only(world: World) -> None:
    registration = started(world.city)

    sent = confirmation_mail(registration_id=registration.pk, key="k")

    letter = mail.outbox[0]
    assert (sent, letter.to, letter.subject) == (1, [EMAIL], "Подтвердите почту")
    assert re.search(r"http://\S+/join/confirm/\S+/", letter.body)
    assert "72 часа" in letter.body
    assert "уже работает с нами" not in letter.body


def test_letter_explains_a_known_company_without_naming_its_people(world: World) -> None:
    registration = started(world.city, inn=world.entity.inn)

    confirmation_mail(registration_id=registration.pk, key="k")

    assert "уже работает с нами" in mail.outbox[0].body
    assert world.entity.name not in mail.outbox[0].body
    assert world.head.email not in mail.outbox[0].body


@pytest.mark.parametrize("who", ["manager", "dismissed", "blocked"])
def test_no_letter_goes_to_employees_dismissed_and_blocked(world: World, who: str) -> None:
    if who == "blocked":
        blocked = on_review(world.city)
        Registration.objects.filter(pk=blocked.pk).update(state="blocked", reason="спам")
        email = blocked.email
    else:
        person = world.manager if who == "manager" else make_user()
        User.objects.filter(pk=person.pk).update(is_active=who == "manager")
        email = person.email
    registration = started(world.city, email=email)

    assert confirmation_mail(registration_id=registration.pk, key="k") == 0
    assert mail.outbox == []
    with pytest.raises(NotAccepted):
        registration_confirm(registration_id=registration.pk, password=PASSWORD, at=AT)
    assert Registration.objects.get(pk=registration.pk).state == "draft"


# --- confirming ----------------------------------------------------------------------------------
def confirm_url(registration: Registration) -> str:
    return reverse("counterparties:join_confirm", args=[registration_token(registration)])


def test_link_asks_before_it_confirms(world: World) -> None:
    registration = started(world.city)

    page = Client().get(confirm_url(registration))

    registration.refresh_from_db()
    assert (page.status_code, registration.state) == (200, "draft")


def test_confirming_makes_an_account_and_puts_on_review(world: World) -> None:
    registration = started(world.city)

    answer = Client().post(confirm_url(registration), {"password": PASSWORD, "again": PASSWORD})

    assert answer["Location"] == reverse("account_login")
    registration.refresh_from_db()
    assert registration.state == RegistrationState.REVIEW
    user = User.objects.get(email=EMAIL)
    assert registration.user == user
    assert (user.full_name, user.is_staff, user.check_password(PASSWORD)) == ("Иван Новиков", False, True)
    assert set(Consent.objects.values_list("user", flat=True)) == {user.pk}
    assert jobs() == ["send_registration_confirmation", "send_registration_to_seller"]


@pytest.mark.parametrize(
    ("password", "again", "field"),
    [
        ("short", "short", "password"),
        (PASSWORD, "another", "again"),
        ("", "", "password"),
        (EMAIL, EMAIL, "password"),
    ],
)
def test_confirming_refuses_a_weak_password(world: World, password: str, again: str, field: str) -> None:
    registration = started(world.city)

    page = Client().post(confirm_url(registration), {"password": password, "again": again})

    assert page.status_code == 422
    assert field in page.context["form"].errors
    assert not User.objects.filter(email=EMAIL).exists()


def test_confirming_twice_is_told_and_changes_nothing(world: World) -> None:
    registration = on_review(world.city)

    page = Client().post(confirm_url(registration), {"password": "x" * 20, "again": "x" * 20})

    assert page.status_code == 200
    assert User.objects.get(email=EMAIL).check_password(PASSWORD)
    with pytest.raises(AlreadyConfirmed):
        registration_confirm(registration_id=registration.pk, password=PASSWORD, at=AT)


def test_second_application_of_the_same_company_waits_for_the_first(world: World) -> None:
    first = on_review(world.city)
    second = started(world.city, inn=first.inn)

    with pytest.raises(AlreadyConfirmed):
        registration_confirm(registration_id=second.pk, password=None, at=AT)

    assert Registration.objects.get(pk=second.pk).state == "draft"


def test_account_that_is_there_keeps_its_password(world: World) -> None:
    world.other_buyer.set_password(PASSWORD)
    world.other_buyer.save(update_fields=["password"])
    registration = started(world.city, email=world.other_buyer.email)

    Client().post(confirm_url(registration), {"password": "another password!", "again": "another password!"})

    registration.refresh_from_db()
    assert (registration.state, registration.user) == ("review", world.other_buyer)
    world.other_buyer.refresh_from_db()
    assert world.other_buyer.check_password(PASSWORD)


def test_new_person_needs_a_password(world: World) -> None:
    with pytest.raises(PasswordNeeded):
        registration_confirm(registration_id=started(world.city).pk, password=None, at=AT)


def test_link_lives_72_hours(world: World) -> None:
    with time_machine.travel(AT, tick=False):
        token = registration_token(started(world.city))
    with time_machine.travel(AT + timedelta(hours=72), tick=False):
        assert registration_of_token(token).state == "draft"
    with time_machine.travel(AT + timedelta(hours=72, seconds=1), tick=False), pytest.raises(LinkDead):
        registration_of_token(token)


@pytest.mark.parametrize("token", ["nonsense", "eyJyIjoxfQ:1:x"])
def test_wrong_link_is_not_found(db: None, token: str) -> None:
    assert Client().get(reverse("counterparties:join_confirm", args=[token])).status_code == 404


def test_known_inn_becomes_requests_to_each_client_instead_of_a_duplicate(world: World) -> None:
    registration = on_review(world.city, inn=world.entity.inn, kpp=world.entity.kpp)

    request = AccessRequest.objects.get()
    assert (request.registration, request.holding, request.legal_entity) == (
        registration,
        world.holding,
        world.entity,
    )
    assert jobs() == ["send_access_request", "send_registration_confirmation"]


@pytest.mark.django_db(transaction=True)
def test_confirming_is_done_whole_or_not_at_all(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    world_city = make_person().memberships.get().holding.home_city
    registration = started(world_city)

    def broken(*_args: object) -> None:
        raise RuntimeError("cut")

    monkeypatch.setattr(services, "_ask_for_access", broken)
    with pytest.raises(RuntimeError, match="cut"):
        registration_confirm(registration_id=registration.pk, password=PASSWORD, at=AT)

    registration.refresh_from_db()
    assert (registration.state, registration.user) == ("draft", None)
    assert not User.objects.filter(email=EMAIL).exists()


# --- while the company waits ---------------------------------------------------------------------
def waiting_browser(world: World) -> Client:
    client = Client()
    client.force_login(on_review(world.city).user)
    return client


def test_home_says_that_the_application_is_on_review(world: World) -> None:
    page = waiting_browser(world).get(reverse("home")).content.decode()

    assert "Заявка на рассмотрении" in page
    assert "цены появятся после одобрения" in page


@pytest.mark.parametrize(("is_shown", "prices"), [(False, 0), (True, 1)])
def test_catalogue_shows_prices_by_policy(world: World, settings: Any, is_shown: bool, prices: int) -> None:
    settings.PRICES_BEFORE_APPROVAL = is_shown
    sku = make_sku("Гайка", price="777.77", stock={world.main_warehouse: 3})

    page = waiting_browser(world).get(reverse("catalog:product", args=[sku.product_id])).content.decode()

    assert page.count("777,77") >= prices
    assert ("777,77" in page) is is_shown


def test_client_sees_his_prices_whatever_the_policy(world: World, settings: Any) -> None:
    settings.PRICES_BEFORE_APPROVAL = False
    sku = make_sku("Гайка", price="777.77", stock={world.main_warehouse: 3})
    client = Client()
    client.force_login(world.buyer)

    page = client.get(reverse("catalog:product", args=[sku.product_id])).content.decode()

    assert "777,77" in page


def test_only_the_table_moves_an_application() -> None:
    allowed = {
        (state, target)
        for state in RegistrationState
        for target in RegistrationState
        if _moves(Registration(state=state), target)
    }

    assert allowed == {
        ("draft", "confirmed"), ("confirmed", "review"), ("review", "approved"),
        ("review", "rejected"), ("review", "blocked"), ("rejected", "blocked"),
    }  # fmt: skip
    assert set(REGISTRATION_STEPS) == set(RegistrationState)


def _moves(registration: Registration, target: RegistrationState) -> bool:
    try:
        require_step(registration, target)
    except WrongStep:
        return False
    return True
