"""Pages of price lists: building, files, mail, link."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from counterparties.actor import Actor
from documents.models import PriceListDownload, PriceListFile, PriceListProfile
from documents.price_lists.options import Column, ListOptions
from documents.services.price_list_files import price_list_ask, price_list_make
from documents.services.price_lists import price_list_link_make, price_list_link_revoke
from documents.states import ListFormat
from tests.factories import AT, World

FORM = {
    "name": "Кабель",
    "format": "csv",
    "encoding": "cp1251",
    "columns": ["article", "stock"],
    "vat": "without",
    "is_in_stock_only": "on",
}


def made(profile: PriceListProfile, buyer: Actor) -> PriceListFile:
    row = price_list_ask(actor=buyer, uid=profile.uid, at=AT)
    price_list_make(file_id=row.pk, at=AT)
    row.refresh_from_db()
    return row


def content(client: Client, url: str, **headers: str) -> tuple[int, bytes]:
    response = client.get(url, headers=headers)
    return response.status_code, response.getvalue()


def test_builder_saves_what_was_chosen_and_asks_for_the_file(client: Client, world: World) -> None:
    client.force_login(world.buyer)

    answer = client.post(reverse("documents:price_list_new"), FORM | {"make": "1"})

    profile = PriceListProfile.objects.get()
    assert answer["Location"] == reverse("documents:price_list", args=[profile.uid])
    assert (profile.name, profile.legal_entity_id, profile.contract_id, profile.city_id) == (
        "Кабель",
        world.entity.pk,
        world.contract.pk,
        world.city.pk,
    )
    assert ListOptions.from_json(profile.options) == ListOptions(
        is_vat_included=False,
        is_grouped=False,
        columns=(Column.ARTICLE, Column.NAME, Column.STOCK, Column.PRICE),
        format=ListFormat.CSV,
        encoding="cp1251",
    )
    assert list(profile.files.values_list("state", "format")) == [("queued", "csv")]


@pytest.mark.parametrize(
    "fault", [{"sections": "999999"}, {"brands": "x"}, {"columns": "none"}, {"name": ""}]
)
def test_builder_refuses_what_is_not_there(client: Client, world: World, fault: dict[str, str]) -> None:
    client.force_login(world.buyer)

    answer = client.post(reverse("documents:price_list_new"), FORM | fault)

    assert answer.status_code == 422
    assert PriceListProfile.objects.count() == 0


def test_saved_list_shows_its_choice_and_files(
    client: Client, world: World, buyer: Actor, profile: PriceListProfile
) -> None:
    row = made(profile, buyer)
    client.force_login(world.buyer)

    page = client.get(reverse("documents:price_list", args=[profile.uid])).content.decode()

    assert reverse("documents:price_list_file", args=[row.uid]) in page
    assert "hx-trigger" not in page[page.index('id="price-list-files"') :].split(">")[0]
    assert 'value="Крепёж"' in page


def test_files_ask_for_themselves_while_one_is_made(
    client: Client, world: World, buyer: Actor, profile: PriceListProfile
) -> None:
    price_list_ask(actor=buyer, uid=profile.uid, at=AT)
    client.force_login(world.buyer)

    fragment = client.get(reverse("documents:price_list_state", args=[profile.uid])).content.decode()

    assert 'hx-trigger="every 1s"' in fragment
    assert "Готовится" in fragment


def test_download_is_noted_and_others_do_not_find_it(
    client: Client, world: World, buyer: Actor, profile: PriceListProfile
) -> None:
    row = made(profile, buyer)
    address = reverse("documents:price_list_file", args=[row.uid])
    client.force_login(world.buyer)

    status, body = content(client, address)

    assert (status, body[:2]) == (200, b"PK")
    assert list(PriceListDownload.objects.values_list("file_uid", "user_id", "impersonator_id")) == [
        (row.uid, world.buyer.pk, None)
    ]
    for other in (world.head, world.other_buyer):
        client.force_login(other)
        assert client.get(address).status_code == 404
        assert client.get(reverse("documents:price_list", args=[profile.uid])).status_code == 404
        for name in ("make", "remove", "mail", "link"):
            assert client.post(reverse(f"documents:price_list_{name}", args=[profile.uid])).status_code == 404
    client.force_login(world.manager)
    assert client.get(address).status_code == 403
    profile.refresh_from_db()
    assert (profile.link_hash, profile.files.count(), PriceListDownload.objects.count()) == ("", 1, 1)


def test_mail_is_set_and_stopped(client: Client, world: World, profile: PriceListProfile) -> None:
    client.force_login(world.buyer)
    address = reverse("documents:price_list_mail", args=[profile.uid])

    client.post(address, {"weekday": "0", "hour": "9"})
    profile.refresh_from_db()
    assert (profile.weekday, profile.hour) == (0, 9)

    client.post(address, {"weekday": "", "hour": "9"})
    profile.refresh_from_db()
    assert (profile.weekday, profile.hour) == (None, None)


def test_link_is_shown_once_and_serves_without_a_session(
    client: Client, world: World, buyer: Actor, profile: PriceListProfile
) -> None:
    row = made(profile, buyer)
    client.force_login(world.buyer)

    page = client.post(reverse("documents:price_list_link", args=[profile.uid])).content.decode()
    link = page.split('id="new-link"')[1].split('value="')[1].split('"')[0]
    again = client.get(reverse("documents:price_list", args=[profile.uid])).content.decode()
    outside = Client()
    first = outside.get(link)
    body = first.getvalue()
    head = outside.head(link)
    assert head.getvalue() == b""
    status, unchanged = content(outside, link, If_None_Match=first["ETag"])

    assert "feed/" not in again
    assert (first.status_code, body[:2], head.status_code, head["ETag"]) == (200, b"PK", 200, first["ETag"])
    assert (status, unchanged) == (304, b"")
    assert first["ETag"] == f'"{PriceListFile.objects.get(pk=row.pk).file.sha256}"'
    assert list(PriceListDownload.objects.values_list("user_id", flat=True)) == [None]


def test_link_of_a_first_file_asks_for_it(client: Client, buyer: Actor, profile: PriceListProfile) -> None:
    token = price_list_link_make(actor=buyer, uid=profile.uid, at=AT)

    answer = client.get(reverse("documents:price_list_feed", args=[token]))

    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert profile.files.get().state == "queued"


def test_link_serves_an_old_file_and_asks_for_a_new_one(
    client: Client, buyer: Actor, profile: PriceListProfile
) -> None:
    row = made(profile, buyer)
    PriceListFile.objects.filter(pk=row.pk).update(made_at=AT - timedelta(hours=13))
    token = price_list_link_make(actor=buyer, uid=profile.uid, at=AT)

    status, body = content(client, reverse("documents:price_list_feed", args=[token]))

    assert (status, body[:2]) == (200, b"PK")
    assert sorted(profile.files.values_list("state", flat=True)) == ["queued", "ready"]


@pytest.mark.parametrize("end", ["revoked", "renewed", "dismissed", "closed"])
def test_dead_link_opens_nothing(
    client: Client, world: World, buyer: Actor, profile: PriceListProfile, end: str
) -> None:
    made(profile, buyer)
    token = price_list_link_make(actor=buyer, uid=profile.uid, at=AT)
    if end == "revoked":
        price_list_link_revoke(actor=buyer, uid=profile.uid)
    elif end == "renewed":
        price_list_link_make(actor=buyer, uid=profile.uid, at=AT)
    elif end == "dismissed":
        world.buyer.memberships.update(is_active=False)
    else:
        world.contract.state = "closed"
        world.contract.save(update_fields=["state"])

    answer = client.get(reverse("documents:price_list_feed", args=[token]))

    assert answer.status_code == 404
    assert PriceListDownload.objects.count() == 0


def test_forged_link_opens_nothing_and_is_counted(client: Client, profile: PriceListProfile) -> None:
    address = reverse("documents:price_list_feed", args=[f"{profile.pk}-{uuid4().hex}.forged"])

    statuses = [client.get(address).status_code for _ in range(6)]

    assert statuses == [404] * 5 + [429]


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_price_lists_asks_the_same_whatever_their_number(
    client: Client,
    world: World,
    buyer: Actor,
    profile: PriceListProfile,
    count: int,
    django_assert_num_queries: object,
) -> None:
    made(profile, buyer)
    for number in range(count - 1):
        PriceListProfile.objects.create(
            user=world.buyer,
            holding=world.holding,
            legal_entity=world.entity,
            contract=world.contract,
            city=world.city,
            name=f"Список {number}",
            options=ListOptions().as_json(),
            created_at=AT,
            updated_at=AT,
        )
    client.force_login(world.buyer)

    with django_assert_num_queries(9):  # type: ignore[operator]
        client.get(reverse("documents:price_lists"))


@pytest.mark.parametrize("count", [1, 3])
def test_saved_list_asks_the_same_whatever_the_number_of_files(
    client: Client,
    world: World,
    buyer: Actor,
    profile: PriceListProfile,
    count: int,
    settled_index: Callable[[], None],
    django_assert_num_queries: object,
) -> None:
    for _ in range(count):
        made(profile, buyer)
    client.force_login(world.buyer)
    settled_index()
    client.get(reverse("documents:price_list", args=[profile.uid]))

    with django_assert_num_queries(10):  # type: ignore[operator]
        client.get(reverse("documents:price_list", args=[profile.uid]))


def test_name_is_one_line_of_printable_signs(client: Client, world: World) -> None:
    client.force_login(world.buyer)

    client.post(reverse("documents:price_list_new"), FORM | {"name": "Кабель\r\nBcc: x@y.z\x01"})

    assert PriceListProfile.objects.get().name == "Кабель Bcc: x@y.z"
