"""Quantities typed into lists, over HTTP: kept in batches, one submit into the cart."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from counterparties.permissions import ReadyRole
from orders.models import CartLine, Pick, PickSheet
from tests.catalog.samples import address, make_section
from tests.factories import World, make_person, make_sku

pytestmark = pytest.mark.django_db
PICKS = reverse("orders:picks")
HTMX = {"HTTP_HX_REQUEST": "true"}


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def form(world: World, *quantities: str, seen_round: int = 0, **more: str) -> dict[str, Any]:
    """What a page sends: a quantity for each of the first goods."""
    typed = {f"q-{sku.pk}": text for sku, text in zip(world.skus, quantities, strict=False)}
    return {"round": seen_round, "place": f"{world.contract.pk}-{world.city.pk}"} | typed | more


def kept() -> dict[int, int]:
    return {pick.sku_id: int(pick.quantity) for pick in Pick.objects.all()}


def bar(page: str) -> str:
    text = re.sub(
        r"<svg.*?</svg>|<[^>]+>", " ", page[page.index('class="picks-sum"') :].split("picks-actions")[0]
    )
    return " ".join(text.replace("&nbsp;", " ").replace("\N{NO-BREAK SPACE}", " ").split()).removeprefix(
        'class="picks-sum" role="status"> '
    )


def test_batch_is_kept_and_summed_at_own_prices(world: World) -> None:
    client = browser(world.buyer)

    answer = client.post(PICKS, form(world, "3", "1", ""), **HTMX)  # type: ignore[arg-type]

    assert kept() == {world.skus[0].pk: 3, world.skus[1].pk: 1}
    assert answer.content.decode().lstrip().startswith('<div class="picks-bar"')
    assert "Выбрано 2 поз. 550,50 ₽" in bar(answer.content.decode())
    assert (answer["Vary"].count("HX-Request"), "private" in answer["Cache-Control"]) == (1, True)


def test_quantities_come_back_with_the_page_however_it_is_filtered(world: World) -> None:
    section = make_section("Крепёж", goods=list(world.skus))
    client = browser(world.buyer)
    client.post(PICKS, form(world, "3", "40", "2"))

    page = client.get(address(section, "?sort=-price&price_from=50")).content.decode()

    found = re.findall(r'name="q-(\d+)" id="q-\d+" value="([^"]*)"', page)
    assert found == [(str(world.skus[1].pk), "40"), (str(world.skus[0].pk), "3")]
    assert "Выбрано 3 поз." in bar(page)
    assert page.count("pick is-short") == 1
    assert "в наличии 15" in page


def test_wrong_quantity_is_told_and_does_not_reach_the_cart(world: World) -> None:
    client = browser(world.buyer)

    batch = client.post(PICKS, form(world, "два", "1"), **HTMX)  # type: ignore[arg-type]
    whole = client.post(PICKS, form(world, "два", "1", to_cart="1"), follow=True)

    assert f'data-pick-wrong="{world.skus[0].pk}"' in batch.content.decode()
    assert "Укажите количество числом" in whole.content.decode()
    assert (kept(), CartLine.objects.count()) == ({world.skus[1].pk: 1}, 0)


def test_one_submit_without_scripts_keeps_the_page_and_fills_the_cart(world: World) -> None:
    client = browser(world.buyer)
    client.post(PICKS, form(world, "3"))

    answer = client.post(PICKS, form(world, "4", "1", to_cart="1", next="/catalog/?q=x"))
    again = client.post(PICKS, form(world, "4", "1", to_cart="1"), follow=True)

    assert (answer.status_code, answer["Location"]) == (302, "/catalog/?q=x")
    assert dict(CartLine.objects.values_list("sku_id", "quantity")) == {
        world.skus[0].pk: 4,
        world.skus[1].pk: 1,
    }
    assert "уже отправлены в корзину" in again.content.decode()
    assert kept() == {}


def test_nothing_typed_is_told(world: World) -> None:
    page = browser(world.buyer).post(PICKS, form(world, to_cart="1"), follow=True).content.decode()

    assert "Сначала укажите количество" in page
    assert CartLine.objects.count() == 0


def test_withdrawn_good_is_named(world: World) -> None:
    client = browser(world.buyer)
    client.post(PICKS, form(world, "3", "1"))
    world.skus[0].is_hidden = True
    world.skus[0].save()

    page = client.post(PICKS, form(world, to_cart="1"), follow=True).content.decode()

    assert "Не добавлено: Болт М8х40 (снято с продажи)." in page
    assert CartLine.objects.get().sku == world.skus[1]


def test_old_page_writes_nothing_and_is_asked_for_anew(world: World) -> None:
    client = browser(world.buyer)
    client.post(PICKS, form(world, "3", to_cart="1"))

    answer = client.post(PICKS, form(world, "5"), **HTMX)  # type: ignore[arg-type]
    elsewhere = client.post(PICKS, form(world, "5", seen_round=1, place="1-99"), **HTMX)  # type: ignore[arg-type]

    assert (answer.status_code, answer["HX-Refresh"]) == (409, "true")
    assert (elsewhere.status_code, elsewhere["HX-Refresh"]) == (409, "true")
    assert kept() == {}


def test_clearing_takes_all_away(world: World) -> None:
    client = browser(world.buyer)
    client.post(PICKS, form(world, "3", "1"))

    page = client.post(PICKS, form(world, clear="1"), follow=True).content.decode()

    assert "Подбор очищен" in page
    assert kept() == {}


@pytest.mark.parametrize(
    "strange",
    [
        {"q-x": "1"},
        {"q-": "1"},
        {"q-0": "1"},
        {"q--5": "1"},
        {"q-99999999999": "1"},
        {"round": "x", "place": ""},
        {"q-١": "1"},
    ],
)
def test_strange_forms_keep_nothing(world: World, strange: dict[str, str]) -> None:
    answer = browser(world.buyer).post(PICKS, form(world) | strange)

    assert (answer.status_code, Pick.objects.count()) == (302, 0)


def test_those_who_may_not_order_are_refused(world: World) -> None:
    viewer = make_person(world.holding, ReadyRole.VIEWER)

    assert browser(viewer).post(PICKS, form(world, "3")).status_code == 403
    assert browser(world.manager).post(PICKS, form(world, "3")).status_code == 403
    assert PickSheet.objects.count() == 0


@pytest.mark.parametrize(("mode", "is_draft"), [("own", False), ("draft", True)])
def test_visiting_manager_types_where_he_chose(world: World, mode: str, is_draft: bool) -> None:
    client = browser(world.manager)
    client.post(reverse("hijack:acquire"), {"user_pk": world.buyer.pk, "cart": mode})

    client.post(PICKS, form(world, "3", visit_person=str(world.buyer.pk)))

    sheet = PickSheet.objects.get()
    assert (sheet.user, sheet.drafted_by) == (world.buyer, world.manager if is_draft else None)


@pytest.mark.parametrize("picks", [1, 3])
def test_batch_takes_the_same_queries(world: World, picks: int, django_assert_num_queries: Any) -> None:
    make_sku("Анкер", stock={world.main_warehouse: 3})
    client = browser(world.buyer)
    client.post(PICKS, form(world, *["1"] * picks))

    with django_assert_num_queries(21):
        client.post(PICKS, form(world, *["2"] * picks), **HTMX)  # type: ignore[arg-type]
