"""Clients in the administrator's hands."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from counterparties.models import (
    Holding,
    HoldingUserObjectPermission,
    LegalEntity,
    LegalEntityUserObjectPermission,
    Organization,
)
from counterparties.selectors import served_holding_ids
from tests.factories import TODAY, World, make_inn, make_manager, make_person


@pytest.fixture
def admin_browser(world: World) -> Client:
    client = Client()
    client.force_login(world.administrator)
    return client


def form_of(client: Client, url: str) -> dict[str, Any]:
    """The form as the browser would send it back unchanged, inlines included."""
    context = client.get(url).context
    data: dict[str, Any] = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if isinstance(value, bool):
                data |= {field.html_name: "on"} if value else {}
            else:
                data[field.html_name] = "" if value is None else str(value)
    return data


def change_url(row: Holding | LegalEntity | Organization) -> str:
    return reverse(f"admin:counterparties_{row._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize("model", ["organization", "holding", "legalentity", "contract"])
def test_admin_opens_every_list_and_form(world: World, admin_browser: Client, model: str) -> None:
    assert admin_browser.get(reverse(f"admin:counterparties_{model}_changelist")).status_code == 200
    assert admin_browser.get(reverse(f"admin:counterparties_{model}_add")).status_code == 200


def test_admin_assigns_a_manager_to_a_client(world: World, admin_browser: Client) -> None:
    newcomer = make_manager()
    url = change_url(world.holding)
    prefix = "holdinguserobjectpermission_set"
    data = form_of(admin_browser, url) | {f"{prefix}-TOTAL_FORMS": "2", f"{prefix}-1-user": str(newcomer.pk)}
    data |= {f"{prefix}-1-id": "", f"{prefix}-1-content_object": str(world.holding.pk)}

    answer = admin_browser.post(url, data)

    assert answer.status_code == 302
    assert served_holding_ids(newcomer, on=TODAY) == {world.holding.pk}
    assert served_holding_ids(world.manager, on=TODAY) == {world.holding.pk}


def test_admin_refuses_the_same_manager_twice(world: World, admin_browser: Client) -> None:
    url = change_url(world.holding)
    prefix = "holdinguserobjectpermission_set"
    data = form_of(admin_browser, url) | {
        f"{prefix}-TOTAL_FORMS": "2",
        f"{prefix}-1-user": str(world.manager.pk),
    }
    data |= {f"{prefix}-1-id": "", f"{prefix}-1-content_object": str(world.holding.pk)}

    answer = admin_browser.post(url, data)

    assert answer.status_code == 200
    assert "указан дважды" in answer.content.decode()
    assert HoldingUserObjectPermission.objects.filter(content_object=world.holding).count() == 1


def test_admin_offers_only_employees_as_managers(world: World, admin_browser: Client) -> None:
    context = admin_browser.get(change_url(world.holding)).context
    managers = next(
        inline.formset
        for inline in context["inline_admin_formsets"]
        if inline.formset.model is HoldingUserObjectPermission
    )

    offered = set(managers.empty_form.fields["user"].queryset)

    assert offered == {world.manager, world.other_manager, world.administrator}


def test_admin_lets_a_person_act_for_a_legal_entity(world: World, admin_browser: Client) -> None:
    person = make_person(world.holding, legal_entities=[])
    url = change_url(world.entity)
    prefix = "legalentityuserobjectpermission_set"
    data = form_of(admin_browser, url) | {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-0-user": str(person.pk)}
    data |= {f"{prefix}-0-id": "", f"{prefix}-0-content_object": str(world.entity.pk)}

    answer = admin_browser.post(url, data)

    assert answer.status_code == 302
    grant = LegalEntityUserObjectPermission.objects.get()
    assert (grant.user, grant.content_object, grant.permission.codename) == (
        person,
        world.entity,
        "act_for_legal_entity",
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"inn": "7701123452"}, "Контрольная цифра ИНН"),
        ({"inn": "500100732259"}, "У организации ИНН из 10 цифр"),
        ({"kpp": ""}, "Укажите КПП"),
        ({"kpp": "77"}, "КПП состоит из 9 знаков"),
        ({"ogrn": "1027700132196"}, "Контрольная цифра ОГРН"),
        ({"kind": "ip"}, "У предпринимателя ИНН из 12 цифр"),
    ],
)
def test_admin_refuses_wrong_requisites(
    world: World, admin_browser: Client, changes: dict[str, str], reason: str
) -> None:
    url = change_url(world.entity)
    before = LegalEntity.objects.values().get(pk=world.entity.pk)

    answer = admin_browser.post(url, form_of(admin_browser, url) | changes)

    assert answer.status_code == 200
    assert reason in answer.content.decode()
    assert LegalEntity.objects.values().get(pk=world.entity.pk) == before


def test_admin_takes_spaces_out_of_requisites(world: World, admin_browser: Client) -> None:
    inn = make_inn()
    url = change_url(world.entity)

    answer = admin_browser.post(url, form_of(admin_browser, url) | {"inn": f" {inn[:4]} {inn[4:]}"})

    assert answer.status_code == 302
    world.entity.refresh_from_db()
    assert world.entity.inn == inn


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"account": "40702810138250123018"}, "Счёт не подходит к БИК"),
        ({"bic": "999"}, "БИК состоит из 9 цифр"),
        ({"correspondent_account": "30101810400000000226"}, "Последние три цифры"),
    ],
)
def test_admin_refuses_accounts_that_do_not_fit(
    world: World, admin_browser: Client, changes: dict[str, str], reason: str
) -> None:
    url = change_url(world.organization)
    data = form_of(admin_browser, url) | {f"bank_accounts-0-{name}": text for name, text in changes.items()}

    answer = admin_browser.post(url, data)

    assert answer.status_code == 200
    assert reason in answer.content.decode()
    assert world.organization.bank_accounts.get().account == "40702810138250123017"


def test_admin_keeps_one_default_account(world: World, admin_browser: Client) -> None:
    url = change_url(world.organization)
    data = form_of(admin_browser, url) | {"bank_accounts-TOTAL_FORMS": "2"}
    second = {name.replace("-0-", "-1-"): text for name, text in data.items() if "accounts-0-" in name}
    data |= second | {"bank_accounts-1-id": "", "bank_accounts-1-is_default": "on"}

    answer = admin_browser.post(url, data)

    assert answer.status_code == 200
    assert "Основным может быть только один счет" in answer.content.decode()
    assert world.organization.bank_accounts.count() == 1


def test_admin_is_closed_to_clients_and_managers(world: World) -> None:
    for person, status in ((world.head, 302), (world.manager, 403)):
        client = Client()
        client.force_login(person)
        assert client.get(change_url(world.holding)).status_code == status
