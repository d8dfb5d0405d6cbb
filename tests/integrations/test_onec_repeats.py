"""What comes again, comes after a failure, or comes malformed: 1C is never left polling for ever."""

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone

from catalog.models import Product
from integrations.models import ExchangeNode, ExchangeSession, FileState, OrderExport
from integrations.services.orders import orders_enqueue
from integrations.services.tidying import exchange_tidy
from orders.selectors import cart_view
from orders.services import order_confirm, order_submit
from portal.outbox.models import Job
from tests.factories import AT, TODAY, actor_of, make_cart, make_world
from tests.integrations.onec_talk import URL, Talk, basic, catalog, good, run_jobs


def give_up_jobs() -> None:
    """As after five attempts that killed their worker."""
    Job.objects.update(state="dead", attempts=5, finished_at=timezone.now())


def test_content_that_came_before_another_one_is_loaded_again(talk: Talk) -> None:
    talk.load("import.xml", catalog(good()))
    talk.load("import.xml", catalog(good(name="Болт М8х40 новый")))

    answer = talk.load("import.xml", catalog(good()))

    assert answer.startswith("success")
    assert Product.objects.get().name == "Болт М8х40"


def test_file_whose_load_was_given_up_may_be_sent_again(talk: Talk) -> None:
    body = catalog(good()).encode()
    talk.post("import.xml", body)
    talk.get("import", filename="import.xml")
    give_up_jobs()

    told = talk.get("import", filename="import.xml")
    sent = talk.post("import.xml", body)
    loaded = talk.finish("import.xml")

    assert told.startswith("failure\nimport.xml: загрузка не удалась")
    assert sent == "success"
    assert loaded.startswith("success")
    assert Product.objects.count() == 1


def test_folder_of_a_load_that_was_given_up_is_removed(talk: Talk, tmp_path: Path) -> None:
    talk.post("import.xml", catalog(good()).encode())
    talk.get("import", filename="import.xml")
    later = timezone.now() + timedelta(days=2)

    kept = exchange_tidy(at=later)
    give_up_jobs()
    removed = exchange_tidy(at=later)

    assert (kept, removed) == (0, 1)
    assert talk.file("import.xml").state == FileState.IMPORTING
    assert ExchangeSession.objects.get().is_tidied


def test_nul_in_a_name_is_a_file_that_never_came(talk: Talk) -> None:
    assert talk.get("import", filename="a%00.xml") == "failure\nФайл a\0.xml в этом сеансе не получен"


def test_nul_in_the_user_name_is_a_wrong_name(talk: Talk) -> None:
    answer = talk.client.get(
        URL, query_params={"type": "catalog", "mode": "checkauth"}, headers={"Authorization": basic("a\0b")}
    )

    assert answer.content.decode() == "failure\nНеверное имя пользователя или пароль обмена"


@pytest.mark.parametrize("length", ["²", "1" * 5000, "-1", "1e3", "", " 5"])
def test_length_that_is_no_number_is_refused(talk: Talk, length: str) -> None:
    answer = talk.client.generic(
        "POST",
        URL,
        data=b"<?xml",
        QUERY_STRING="type=catalog&mode=file&filename=a.xml",
        headers={"Authorization": basic(talk.node.username), "Cookie": talk.cookie},
        CONTENT_LENGTH=length,
    )

    assert answer.content.decode() == "failure\nФайл передаётся методом POST с длиной в Content-Length"


@pytest.mark.parametrize("is_active", [True, False])
def test_order_confirmed_while_the_base_is_off_waits_for_it(node: ExchangeNode, is_active: bool) -> None:
    world = make_world()
    node.organizations.add(world.organization)
    ExchangeNode.objects.update(is_active=is_active)
    cart = make_cart(world.buyer, world.contract, world.city, {world.skus[0]: 2})
    order = order_submit(
        actor=actor_of(world.buyer),
        cart_id=cart.pk,
        delivery_address_id=None,
        comment="",
        client_reference="",
        idempotency_key=uuid4(),
        expected_total=cart_view(cart, on=TODAY).total.gross,
        at=AT,
    )
    order_confirm(order_id=order.pk, actor=actor_of(world.manager), at=AT)
    run_jobs()

    again = orders_enqueue(order_id=order.pk)

    assert OrderExport.objects.get().part.order == order
    assert again == 0
