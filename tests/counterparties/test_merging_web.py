"""Pages on which a manager merges and splits clients."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counterparties.models import Holding, LegalEntity, Membership, MergeRecord
from tests.factories import (
    World,
    make_cart,
    make_contract,
    make_legal_entity,
    make_manager,
    make_person,
)


@pytest.fixture
def double(world: World) -> LegalEntity:
    entity = make_legal_entity(world.holding, name="ООО «Север-дубль»", inn=world.entity.inn)
    make_contract(entity, organization=world.organization)
    return entity


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def entities_url(source: LegalEntity, target: LegalEntity) -> str:
    return reverse("counterparties:merge_entities", args=[source.pk, target.pk])


def holdings_url(source: Holding, target: Holding) -> str:
    return reverse("counterparties:merge_holdings", args=[source.pk, target.pk])


def test_choice_page_offers_doubles_and_what_is_found(world: World, double: LegalEntity) -> None:
    both = make_manager(world.holding, world.other_holding)
    url = reverse("counterparties:merge", args=[world.holding.pk])

    plain, found = browser(both).get(url), browser(both).get(url, {"q": "юг"})

    offered = [set(page.context["entities_form"].fields["target"].queryset) for page in (plain, found)]
    assert offered == [{world.entity, double}, {world.entity, double, world.other_entity}]
    assert [page.context["holdings"] for page in (plain, found)] == [[], [world.other_holding]]


def test_manager_merges_two_legal_entities_by_hand(world: World, double: LegalEntity) -> None:
    LegalEntity.objects.filter(pk=double.pk).update(phone="+7 812 000-00-00")
    make_cart(world.buyer, double.contracts.get(), world.city, {world.skus[0]: 2})
    client = browser(world.manager)
    compared = client.get(
        reverse("counterparties:merge_compare", args=[world.holding.pk]),
        {"source": double.pk, "target": world.entity.pk},
    )

    shown = client.get(compared["Location"])
    answer = client.post(compared["Location"], {"reason": "Дубль", **chosen(shown.context["form"])})

    assert compared["Location"] == entities_url(double, world.entity)
    assert "Корзины с товарами" in shown.content.decode()
    assert answer["Location"] == reverse("counterparties:client", args=[world.holding.pk])
    world.entity.refresh_from_db()
    assert world.entity.phone == "+7 812 000-00-00"
    record = MergeRecord.objects.get()
    assert (record.decided_by, record.reason, record.source_entity) == (world.manager, "Дубль", double)


def chosen(form: Any) -> dict[str, str]:
    """The choices as the browser would send them unchanged."""
    return {name: str(form[name].value()) for name in form.fields if name.startswith(("take_", "person_"))}


def test_manager_merges_two_clients_by_hand(world: World) -> None:
    both = make_manager(world.holding, world.other_holding)
    url = holdings_url(world.other_holding, world.holding)

    shown = browser(both).get(url)
    answer = browser(both).post(url, {"reason": "Один владелец"})

    assert "Увидят юрлица, которые придут" in shown.content.decode()
    assert answer["Location"] == reverse("counterparties:client", args=[world.holding.pk])
    assert LegalEntity.objects.filter(holding=world.holding).count() == 2


def test_manager_splits_a_client_by_hand(world: World, double: LegalEntity) -> None:
    person = make_person(world.holding, legal_entities=[double])
    member = Membership.objects.get(user=person)
    url = f"{reverse('counterparties:split', args=[world.holding.pk])}?entities={double.pk}"
    client = browser(world.manager)

    shown = client.get(url)
    data = chosen(shown.context["form"]) | {f"person_{member.pk}": "go", "reason": "Продали", "name": "Новый"}
    answer = client.post(url, data)

    target = Holding.objects.get(name="Новый")
    assert answer["Location"] == reverse("counterparties:client", args=[target.pk])
    assert list(target.legal_entities.all()) == [double]
    assert list(target.memberships.values_list("user", flat=True)) == [person.pk]


@pytest.mark.parametrize("data", [{}, {"reason": " "}, {"reason": "x" * 501}])
def test_merge_without_a_reason_changes_nothing(
    world: World, double: LegalEntity, data: dict[str, str]
) -> None:
    answer = browser(world.manager).post(entities_url(double, world.entity), data)

    assert answer.status_code == 422
    double.refresh_from_db()
    assert double.merged_into is None


def test_refusal_is_told_on_the_page(world: World) -> None:
    both = make_manager(world.holding, world.other_holding)

    answer = browser(both).post(
        entities_url(world.other_entity, world.entity),
        {"reason": "Дубль", **chosen_on(both, entities_url(world.other_entity, world.entity))},
    )

    assert answer.status_code == 422
    assert "Объедините клиентов целиком" in answer.content.decode()


def chosen_on(person: User, url: str) -> dict[str, str]:
    return chosen(browser(person).get(url).context["form"])


@pytest.mark.parametrize(("person", "status"), [("manager", 404), ("other_manager", 404), ("head", 403)])
def test_clients_of_others_are_not_merged(world: World, person: str, status: int) -> None:
    client = browser(getattr(world, person))

    answers = [
        client.post(holdings_url(world.other_holding, world.holding), {"reason": "Моё"}),
        client.post(entities_url(world.other_entity, world.entity), {"reason": "Моё"}),
        client.get(holdings_url(world.other_holding, world.holding)),
    ]

    assert [answer.status_code for answer in answers] == [status] * 3
    assert MergeRecord.objects.count() == 0


@pytest.mark.parametrize(
    "query", ["", "?source=abc&target=1", "?target=999999999", "?source=1&target=99999999999999999999"]
)
def test_wrong_choice_comes_back_with_a_message(world: World, query: str) -> None:
    url = reverse("counterparties:merge_compare", args=[world.holding.pk])

    answer = browser(world.manager).get(f"{url}{query}")

    assert answer["Location"] == reverse("counterparties:merge", args=[world.holding.pk])


@pytest.mark.parametrize("query", ["", "?entities=abc", "?entities=999999999"])
def test_split_of_nothing_comes_back(world: World, query: str) -> None:
    url = reverse("counterparties:split", args=[world.holding.pk])

    answer = browser(world.manager).get(f"{url}{query}")

    assert answer["Location"] == reverse("counterparties:merge", args=[world.holding.pk])


def test_client_card_leads_to_merging_and_to_the_heir(world: World) -> None:
    card = browser(world.administrator).get(reverse("counterparties:client", args=[world.other_holding.pk]))
    browser(world.administrator).post(
        holdings_url(world.other_holding, world.holding), {"reason": "Один владелец"}
    )
    merged = browser(world.administrator).get(reverse("counterparties:client", args=[world.other_holding.pk]))

    link = reverse("counterparties:merge", args=[world.other_holding.pk])
    heir = reverse("counterparties:client", args=[world.holding.pk])
    assert link in card.content.decode()
    assert link not in merged.content.decode()
    assert re.search(rf'объединен с <a href="{heir}">', merged.content.decode())


@pytest.mark.parametrize("size", [1, 3])
def test_preview_asks_the_database_the_same(world: World, size: int, django_assert_num_queries: Any) -> None:
    for _number in range(size):
        make_person(world.other_holding)
    client = browser(make_manager(world.holding, world.other_holding))
    url = holdings_url(world.other_holding, world.holding)
    client.get(url)

    with django_assert_num_queries(35):
        client.get(url)
