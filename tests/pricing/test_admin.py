"""The administrator's pages of prices."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from pricing.models import CurrencyRate, DiscountRule, HoldingPricing, IndividualPrice, PriceType
from tests.factories import TODAY, World, make_price, make_price_type, make_sku, make_world
from tests.pricing.samples import make_agreed, make_rate, make_rule, tuned

LISTS = [
    "pricetype",
    "citypricetype",
    "holdingpricing",
    "contractpricing",
    "currencyrate",
    "individualprice",
    "discountrule",
]
PREVIEW = "admin:pricing_discountrule_preview"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def administrator(client: Client, world: World) -> Client:
    client.force_login(world.administrator)
    return client


def rows_of(client: Client, model: str, **query: str) -> list[Any]:
    answer = client.get(reverse(f"admin:pricing_{model}_changelist"), query)
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


def rule_form(**values: object) -> dict[str, object]:
    """The form of a discount as the browser sends it."""
    empty = dict.fromkeys(("section", "brand", "sku", "group", "holding", "contract", "city"), "")
    usual = {"name": "Проба", "percent": "10", "priority": "0", "is_active": "on", "minimum_quantity": "0"}
    return empty | usual | {"valid_from": "", "valid_until": ""} | values


@pytest.mark.parametrize("model", LISTS)
def test_lists_take_the_same_queries_whatever_their_rows(
    administrator: Client, world: World, model: str, django_assert_max_num_queries: Any
) -> None:
    counted = []
    for number in range(3):
        _one_more_of_everything(world, number)
        with django_assert_max_num_queries(30) as seen:
            rows_of(administrator, model)
        counted.append(len(seen))

    assert counted[1] == counted[2]


def _one_more_of_everything(world: World, number: int) -> None:
    price_type = make_price_type(f"Вид {number}")
    sku = make_sku(price_type=price_type)
    holding = (world.holding, world.other_holding, None)[number]
    if holding:
        HoldingPricing.objects.create(holding=holding, price_type=price_type)
    make_rate(80 + number, day=TODAY.replace(day=number + 1))
    make_agreed(world.contract, sku, 5)
    make_rule(10, sku=sku, holding=world.holding, contract=world.contract, city=world.city)


def test_price_types_tell_what_nobody_buys_at(administrator: Client, world: World) -> None:
    idle = make_price_type("Архивная", is_open=False)
    make_price(world.skus[0], 5, price_type=idle)
    make_price(world.skus[1], 0, price_type=idle)
    tuned(make_price_type("Закупочная", is_open=False), is_purchase=True)
    tuned(make_price_type("Розница"), is_base=True)
    tuned(world.price_type, floor_type=make_price_type("Предельная", is_open=False))

    unassigned = rows_of(administrator, "pricetype", assigned="no")
    assigned = rows_of(administrator, "pricetype", assigned="yes")
    page = administrator.get(reverse("admin:pricing_pricetype_changelist")).content.decode()

    assert [row.name for row in unassigned] == ["Архивная"]
    assert [row.name for row in assigned] == ["Закупочная", "Оптовая", "Предельная", "Розница"]
    assert page.count("не назначен: 1 предложений") == 1


def test_price_types_are_opened_and_closed_but_not_those_for_purchase(
    administrator: Client, world: World
) -> None:
    closed = make_price_type("Опт", is_open=False)
    purchase = tuned(make_price_type("Закупочная", is_open=False), is_purchase=True)
    target = reverse("admin:pricing_pricetype_changelist")

    opened = administrator.post(
        target, {"action": "types_open", "_selected_action": [closed.pk, purchase.pk]}, follow=True
    )
    administrator.post(target, {"action": "types_close", "_selected_action": [world.price_type.pk]})

    assert [str(message) for message in opened.context["messages"]] == ["Закупочные не открыты: Закупочная."]
    assert dict(PriceType.objects.values_list("name", "is_open")) == {
        "Опт": True,
        "Закупочная": False,
        "Оптовая": False,
    }


def test_who_may_only_look_opens_no_price_type(client: Client, world: World) -> None:
    """Django offers an action that names no permission to whoever sees the list."""
    closed = make_price_type("Закрытая", is_open=False)
    world.manager.user_permissions.add(Permission.objects.get(codename="view_pricetype"))
    client.force_login(world.manager)
    target = reverse("admin:pricing_pricetype_changelist")

    seen = client.get(target).status_code
    client.post(target, {"action": "types_open", "_selected_action": [closed.pk]})
    client.post(target, {"action": "types_close", "_selected_action": [world.price_type.pk]})

    assert seen == 200
    assert dict(PriceType.objects.values_list("name", "is_open")) == {"Закрытая": False, "Оптовая": True}


def test_form_refuses_to_open_a_purchase_type(administrator: Client, world: World) -> None:
    target = reverse("admin:pricing_pricetype_change", args=[world.price_type.pk])
    form = {"is_open": "on", "is_purchase": "on", "rounding_step": "0.5", "rounding": "up", "floor_type": ""}

    refused = administrator.post(target, form)
    done = administrator.post(target, {**form, "is_purchase": ""})

    assert refused.context["adminform"].form.errors == {
        "is_open": ["Закупочный вид цен клиентам не открывают."]
    }
    assert done.status_code == 302
    world.price_type.refresh_from_db()
    assert (world.price_type.rounding_step, world.price_type.rounding) == (Decimal("0.5"), "up")


@pytest.mark.parametrize(("typed", "kept"), [("usd ", "USD"), ("RUB", None), ("руб", None)])
def test_rate_is_of_a_foreign_currency(administrator: Client, typed: str, kept: str | None) -> None:
    form = {"currency": typed, "date": "23.11.2026", "rate": "80.123456"}

    administrator.post(reverse("admin:pricing_currencyrate_add"), form)

    assert list(CurrencyRate.objects.values_list("currency", flat=True)) == ([kept] if kept else [])


def test_individual_prices_are_found_and_filtered_by_dates(administrator: Client, world: World) -> None:
    over = make_agreed(world.contract, world.skus[0], 5, valid_until=TODAY.replace(year=2020))
    now = make_agreed(world.contract, world.skus[1], 6)
    later = make_agreed(world.other_contract, world.skus[1], 7, valid_from=TODAY.replace(year=2100))

    found = {
        name: rows_of(administrator, "individualprice", in_force=name) for name in ("now", "later", "over")
    }
    by_article = rows_of(administrator, "individualprice", q=world.skus[1].product.article)

    assert found == {"now": [now], "later": [later], "over": [over]}
    assert by_article == [now, later]


def test_individual_price_is_added(administrator: Client, world: World) -> None:
    form = {
        "contract": world.contract.pk, "sku": world.skus[0].pk, "minimum_quantity": "5",
        "amount": "77.7", "valid_from": "", "valid_until": "",
    }  # fmt: skip

    added = administrator.post(reverse("admin:pricing_individualprice_add"), form)
    refused = administrator.post(reverse("admin:pricing_individualprice_add"), {**form, "amount": "-1"})

    assert (added.status_code, refused.status_code) == (302, 200)
    assert [price.amount for price in IndividualPrice.objects.all()] == [Decimal("77.7")]


# --- the preview of a discount ----------------------------------------------------------------------
def asked(world: World, **values: object) -> dict[str, object]:
    return {
        "try-contract": world.contract.pk, "try-city": world.city.pk, "try-sku": world.skus[0].pk,
        "try-quantity": "1", "try-on": "23.11.2026",
    } | {f"try-{name}": value for name, value in values.items()}  # fmt: skip


def test_new_discount_is_tried_on_a_client_and_not_saved(administrator: Client, world: World) -> None:
    page = administrator.post(reverse(PREVIEW), rule_form(contract=world.contract.pk) | asked(world))

    preview = page.context["preview"]
    assert (preview.with_rule.result.amount, preview.without_rule.result.amount) == (90, 100)
    assert "Цена со скидкой: 90,00, без нее: 100,00" in page.content.decode()
    assert not DiscountRule.objects.exists()


def test_saved_discount_is_tried_as_it_stands_in_the_form(administrator: Client, world: World) -> None:
    rule = make_rule(10)
    form = rule_form(percent="20", rule=rule.pk, minimum_quantity="5")

    few = administrator.post(reverse(PREVIEW), form | asked(world))
    many = administrator.post(reverse(PREVIEW), form | asked(world, quantity="5", contract=""))

    amounts = [page.context["preview"].with_rule.result.amount for page in (few, many)]
    assert amounts == [100, 80]
    assert many.context["preview"].without_rule.result.amount == 100
    rule.refresh_from_db()
    assert rule.percent == 10


def test_preview_asks_for_a_client_first_and_tells_mistakes(administrator: Client, world: World) -> None:
    empty = administrator.get(reverse(PREVIEW))
    asking = administrator.post(reverse(PREVIEW), rule_form())
    wrong_rule = administrator.post(reverse(PREVIEW), rule_form(percent="100") | asked(world))
    wrong_question = administrator.post(reverse(PREVIEW), rule_form() | asked(world, quantity="0", sku="нет"))

    assert "Проверить на клиенте" in empty.content.decode()
    assert asking.context["question"].is_bound is False
    assert "В скидке есть ошибки" in wrong_rule.content.decode()
    assert sorted(wrong_question.context["question"].errors) == ["quantity", "sku"]
    assert [page.context["preview"] for page in (empty, asking, wrong_rule, wrong_question)] == [None] * 4


def test_form_of_a_discount_leads_to_the_preview(administrator: Client, world: World) -> None:
    rule = make_rule(10)

    new = administrator.get(reverse("admin:pricing_discountrule_add")).content.decode()
    old = administrator.get(reverse("admin:pricing_discountrule_change", args=[rule.pk])).content.decode()

    assert f'formaction="{reverse(PREVIEW)}"' in new
    assert f'name="rule" value="{rule.pk}"' in old


def test_preview_is_for_administrators(client: Client, world: World) -> None:
    statuses = []
    for user in (world.buyer, world.manager):
        client.force_login(user)
        statuses.append(client.post(reverse(PREVIEW), rule_form() | asked(world)).status_code)

    assert statuses == [302, 403]


def test_discount_is_saved_with_its_conditions(administrator: Client, world: World) -> None:
    added = administrator.post(
        reverse("admin:pricing_discountrule_add"), rule_form(sku=world.skus[0].pk, valid_until="31.12.2026")
    )
    refused = administrator.post(reverse("admin:pricing_discountrule_add"), rule_form(percent="0"))

    assert (added.status_code, refused.status_code) == (302, 200)
    assert [(rule.sku_id, str(rule.valid_until)) for rule in DiscountRule.objects.all()] == [
        (world.skus[0].pk, "2026-12-31")
    ]
