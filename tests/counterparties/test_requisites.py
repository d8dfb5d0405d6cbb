"""Requisites: what is refused and what is doubted, what the client sees and changes himself."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from counterparties.actor import AccessDenied
from counterparties.models import ChangeRequest, DeliveryAddress, LegalEntity, LegalEntityBankAccount
from counterparties.permissions import ReadyRole
from counterparties.registration_refusals import WrongRequisites
from counterparties.requisites import (
    Fault,
    Level,
    account_faults,
    errors_of,
    requisites_faults,
    tidy,
    warnings_of,
)
from counterparties.selectors.changes import entity_rows
from counterparties.services import requisites as services
from counterparties.services.changes import account_change_ask, requisites_change_ask
from counterparties.services.requisites import Delivery, account_default, address_remove, address_save
from orders.selectors import delivery_addresses
from portal.lib.requisites import account_error, correspondent_account_error, ogrnip_error
from tests.counterparties.wrong_requisites import ACCOUNT, ENTREPRENEUR, FIRM, WRONG, WRONG_ACCOUNTS
from tests.factories import AT, World, actor_of, make_address, make_cart, make_legal_entity, make_person

COMPANY = reverse("counterparties:company")


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def url(name: str, *args: int) -> str:
    return reverse(f"counterparties:{name}", args=args)


# --- the table -----------------------------------------------------------------------------------
def test_table_has_at_least_two_hundred_rows_and_no_repeats() -> None:
    rows = [(base.get("kind", "account"), field, value) for base, field, value in WRONG + WRONG_ACCOUNTS]

    assert len(rows) >= 200
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("base", [FIRM, ENTREPRENEUR])
def test_bases_of_the_table_are_right(base: dict[str, str]) -> None:
    assert requisites_faults(base) == []


def test_account_of_the_table_is_right() -> None:
    assert account_faults(ACCOUNT, inn=FIRM["inn"]) == []


@pytest.mark.parametrize(("base", "field", "value"), WRONG)
def test_wrong_requisite_is_refused_with_the_field_named(
    base: dict[str, str], field: str, value: str
) -> None:
    errors = errors_of(requisites_faults(tidy(base | {field: value})))

    assert errors.get(field), errors
    # A wrong ИНН may bring its companions down, but nothing unrelated.
    assert errors.keys() <= {field} | ({"kpp", "ogrn", "okpo"} if field == "inn" else set())


@pytest.mark.parametrize(("base", "field", "value"), WRONG_ACCOUNTS)
def test_wrong_account_is_refused_with_the_field_named(base: dict[str, str], field: str, value: str) -> None:
    errors = errors_of(
        account_faults(
            tidy(base | {field: value}, ("bic", "account", "correspondent_account")), inn=FIRM["inn"]
        )
    )

    assert errors.get(field), errors


def test_service_refuses_the_whole_table(world: World) -> None:
    """The page and the service hold the same rules: nothing wrong becomes a request."""
    actor = actor_of(world.head)
    accepted = []
    for base, field, value in WRONG:
        LegalEntity.objects.filter(pk=world.entity.pk).update(**base)
        try:
            requisites_change_ask(
                actor=actor, legal_entity_id=world.entity.pk, values={field: value}, comment="", at=AT
            )
        except WrongRequisites as refusal:
            if field in refusal.errors:
                continue
        accepted.append((field, value))
    for base, field, value in WRONG_ACCOUNTS:
        try:
            account_change_ask(
                actor=actor, legal_entity_id=world.entity.pk, account_id=None,
                values=base | {field: value}, comment="", at=AT,
            )  # fmt: skip
        except WrongRequisites as refusal:
            if field in refusal.errors:
                continue
        accepted.append((field, value))

    assert accepted == []
    assert ChangeRequest.objects.count() == 0


# --- vectors of the specification ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("bic", "account"),
    [
        ("044525225", "40702810138250123017"),
        ("044030653", "40702810455000024248"),
        ("044525201", "40802810700020000317"),
    ],
)
def test_account_key_vectors(bic: str, account: str) -> None:
    assert account_error(account, bic) is None


@pytest.mark.parametrize(
    ("bic", "account"),
    [
        ("044525225", "30101810400000000225"),
        ("044525187", "30101810700000000187"),
        ("044525593", "30101810200000000593"),
        ("044525974", "30101810145250000974"),
        ("004525988", "40102810545370000003"),
    ],
)
def test_correspondent_account_key_vectors(bic: str, account: str) -> None:
    assert correspondent_account_error(account, bic) is None


@pytest.mark.parametrize("remainder", range(13))
def test_ogrnip_accepts_remainders_that_others_refuse(remainder: int) -> None:
    first = next(number for number in range(30450011600015, 30450011600030) if number % 13 == remainder)

    assert ogrnip_error(f"{first}{remainder % 10}") is None
    assert ogrnip_error(f"{first}{(remainder + 1) % 10}") is not None


# --- warnings ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "field"),
    [({"kpp": "540601001"}, "kpp"), ({"kpp": "770777001"}, "kpp")],
)
def test_doubtful_requisites_are_warned_of_not_refused(changes: dict[str, str], field: str) -> None:
    faults = requisites_faults(FIRM | changes)

    assert errors_of(faults) == {}
    assert [(fault.field, fault.level) for fault in warnings_of(faults)] == [(field, Level.WARNING)]


def test_kpp_of_the_largest_taxpayers_is_no_warning() -> None:
    assert requisites_faults(FIRM | {"kpp": "997950001"}) == []


def test_account_in_dollars_is_warned_of() -> None:
    dollars = next(
        f"40702840{key}38250123017" for key in range(10)
        if account_error(f"40702840{key}38250123017", ACCOUNT["bic"]) is None
    )  # fmt: skip

    faults = account_faults(ACCOUNT | {"account": dollars}, inn=FIRM["inn"])

    assert faults == [
        Fault("account", "Счёт не в рублях: счета на оплату выставляем в рублях.", Level.WARNING)
    ]


def test_account_of_the_other_legal_form_is_refused() -> None:
    entrepreneurs = ACCOUNT | {
        "bic": "044525201",
        "correspondent_account": "30101810800000000201",
        "account": "40802810700020000317",
    }  # fmt: skip

    firm = errors_of(account_faults(entrepreneurs, inn=FIRM["inn"]))
    person = errors_of(account_faults(ACCOUNT, inn=ENTREPRENEUR["inn"]))

    assert "предпринимателя" in firm["account"]
    assert "организации" in person["account"]


def test_codes_lose_every_space_and_texts_the_outer_ones() -> None:
    assert tidy({"inn": " 7707\u00a0083 893", "name": "  ООО   «Север» "}) == {
        "inn": "7707083893",
        "name": "ООО «Север»",
    }


# --- the client's pages --------------------------------------------------------------------------
def test_company_lists_what_the_person_sees_the_main_one_first(world: World) -> None:
    second = make_legal_entity(world.holding, name="АО «Аврора»")
    accountant = make_person(world.holding, ReadyRole.ACCOUNTANT, legal_entities=[second])

    assert [one.pk for one in entity_rows(actor=actor_of(world.head))] == [world.entity.pk, second.pk]
    assert [one.pk for one in entity_rows(actor=actor_of(accountant))] == [second.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_company_list_takes_two_queries(world: World, count: int) -> None:
    for _number in range(count - 1):
        make_legal_entity(world.holding)
    actor = actor_of(world.head)

    with CaptureQueriesContext(connection) as queries:
        rows = entity_rows(actor=actor)

    assert (len(rows), len(queries)) == (count, 2)


def test_card_shows_all_requisites_and_doubts(world: World) -> None:
    LegalEntity.objects.filter(pk=world.entity.pk).update(**FIRM | {"inn": "7707083894"})
    LegalEntityBankAccount.objects.create(legal_entity=world.entity, is_default=True, **ACCOUNT)

    page = browser(world.head).get(url("company_entity", world.entity.pk)).content.decode()

    for text in (
        "770701001",
        FIRM["full_name"],
        "Устава",
        FIRM["edo_id"],
        ACCOUNT["account"],
        "Плательщик НДС",
    ):
        assert text in page
    assert "Контрольная цифра ИНН не сходится" in page


def test_card_of_a_buyer_has_no_buttons(world: World) -> None:
    page = browser(world.buyer).get(url("company_entity", world.entity.pk)).content.decode()

    assert world.entity.inn in page
    assert url("requisites_edit", world.entity.pk) not in page


@pytest.mark.parametrize("name", ["company_entity", "requisites_edit", "account_add", "address_add"])
def test_legal_entity_of_another_client_is_not_found(world: World, name: str) -> None:
    client = browser(world.head)

    assert client.get(url(name, world.other_entity.pk)).status_code == 404
    assert client.get(url(name, 10**9)).status_code == 404


@pytest.mark.parametrize("name", ["requisites_edit", "account_add", "address_add"])
def test_editing_needs_the_permission(world: World, name: str) -> None:
    assert browser(world.buyer).get(url(name, world.entity.pk)).status_code == 403


def test_editing_page_names_the_wrong_field_and_keeps_the_rest(world: World) -> None:
    LegalEntity.objects.filter(pk=world.entity.pk).update(**FIRM)

    page = browser(world.head).post(
        url("requisites_edit", world.entity.pk), FIRM | {"inn": "7707083894", "phone": "+7 495 111-22-33"}
    )

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["inn"]
    assert "+7 495 111-22-33" in page.content.decode()
    assert ChangeRequest.objects.count() == 0


# --- delivery addresses --------------------------------------------------------------------------
def delivery(world: World, **changes: Any) -> Delivery:
    values = {
        "city": world.city, "address": "г. Москва, ул. Новая, д. 5", "contact_name": "Петр",
        "contact_phone": "+7 900 111-22-33", "hours": "9-18", "notes": "пропуск", "is_default": False,
    }  # fmt: skip
    return Delivery(**(values | changes))


def posted(world: World, **changes: Any) -> dict[str, Any]:
    return {"city": world.city.pk, "address": "г. Москва, ул. Новая, д. 5", "contact_phone": ""} | changes


def test_address_is_added_at_once(world: World) -> None:
    answer = browser(world.head).post(url("address_add", world.entity.pk), posted(world, is_default="on"))

    assert answer.status_code == 302
    added = DeliveryAddress.objects.latest("pk")
    assert (added.legal_entity, added.address, added.is_default) == (
        world.entity, "г. Москва, ул. Новая, д. 5", True,
    )  # fmt: skip
    assert DeliveryAddress.objects.filter(legal_entity=world.entity, is_default=True).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"address": ""}, "address"), ({"contact_phone": "1"}, "contact_phone"), ({"city": ""}, "city")],
)
def test_wrong_address_is_refused(world: World, changes: dict[str, str], field: str) -> None:
    page = browser(world.head).post(url("address_add", world.entity.pk), posted(world, **changes))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert DeliveryAddress.objects.count() == 1


def test_address_is_changed_and_removed_but_kept_for_orders(world: World) -> None:
    client = browser(world.head)

    client.post(url("address_edit", world.entity.pk, world.address.pk), posted(world, hours="8-20"))
    client.post(url("address_remove", world.entity.pk, world.address.pk))

    world.address.refresh_from_db()
    assert (world.address.hours, world.address.is_active) == ("8-20", False)
    cart = make_cart(world.buyer, world.contract, world.city)
    assert list(delivery_addresses(cart)) == []
    assert client.get(url("address_edit", world.entity.pk, world.address.pk)).status_code == 404


def test_address_of_another_client_is_not_touched(world: World) -> None:
    foreign = make_address(world.other_entity)
    client = browser(world.head)

    own_firm = client.post(url("address_remove", world.entity.pk, foreign.pk))
    foreign_firm = client.post(url("address_remove", world.other_entity.pk, foreign.pk))
    edit = client.post(url("address_edit", world.entity.pk, foreign.pk), posted(world))

    assert [own_firm.status_code, foreign_firm.status_code, edit.status_code] == [404, 404, 404]
    foreign.refresh_from_db()
    assert foreign.is_active is True


def test_address_needs_the_permission(world: World) -> None:
    with pytest.raises(AccessDenied):
        address_save(
            actor=actor_of(world.buyer),
            legal_entity_id=world.entity.pk,
            address_id=None,
            delivery=delivery(world),
        )
    with pytest.raises(AccessDenied):
        address_remove(
            actor=actor_of(world.buyer), legal_entity_id=world.entity.pk, address_id=world.address.pk
        )


def test_default_account_is_one(world: World) -> None:
    first = LegalEntityBankAccount.objects.create(legal_entity=world.entity, is_default=True, **ACCOUNT)
    second = LegalEntityBankAccount.objects.create(legal_entity=world.entity, **ACCOUNT)

    browser(world.head).post(url("account_default", world.entity.pk, second.pk))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_default, second.is_default) == (False, True)
    with pytest.raises(LegalEntityBankAccount.DoesNotExist):
        account_default(actor=actor_of(world.head), legal_entity_id=world.entity.pk, account_id=10**9)


@pytest.mark.django_db(transaction=True)
def test_address_is_saved_whole_or_not_at_all(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = make_person(None, ReadyRole.HEAD)
    entity = make_legal_entity(head.memberships.get().holding)
    first = address_save(
        actor=actor_of(head), legal_entity_id=entity.pk, address_id=None,
        delivery=Delivery(entity.holding.home_city, "г. Москва, ул. А, д. 1", "", "", "", "", True),
    )  # fmt: skip

    def broken(_self: DeliveryAddress, **_more: object) -> None:
        raise RuntimeError("cut")

    monkeypatch.setattr(services.DeliveryAddress, "save", broken)
    with pytest.raises(RuntimeError, match="cut"):
        address_save(
            actor=actor_of(head), legal_entity_id=entity.pk, address_id=None,
            delivery=Delivery(entity.holding.home_city, "г. Москва, ул. Б, д. 2", "", "", "", "", True),
        )  # fmt: skip

    assert DeliveryAddress.objects.get().pk == first.pk
    assert DeliveryAddress.objects.get().is_default is True
