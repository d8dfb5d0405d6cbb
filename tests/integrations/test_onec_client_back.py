"""The simulated client sends orders back the way UT 11, UNF and Bitrix' module do; the portal takes them."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.test import Client

from integrations.models import ExchangeNode, ExternalId, ExternalKind
from integrations.onec.client import Faults, OneCClient, ProfileName, Work, orders_back
from integrations.onec.client.command_line import main
from orders.models import ErpDocument, ErpLine, Order
from orders.states import OrderState
from tests.factories import World
from tests.integrations.erp_world import make_erp_world, ordered
from tests.integrations.onec_site import PASSWORD, USER, Site, running_site
from tests.integrations.onec_talk import Talk
from tests.integrations.test_onec_client import ORDERS

AT = datetime(2026, 11, 24, 9, 51, 39)  # noqa: DTZ001 - 1C tells no zone
FAMILIES = ["ut11", "unf", "bus31"]


@pytest.fixture
def world(node: ExchangeNode) -> World:
    return make_erp_world(node)


@pytest.fixture
def sale(client: Client, node: ExchangeNode, world: World) -> Talk:
    return Talk(client, node, kind="sale").start()


def returned(sale: Talk, profile: ProfileName, work: Work, *, name: str = "o.xml", at: datetime = AT) -> str:
    answer = sale.get("query").encode()
    sale.get("success")
    return sale.load(name, orders_back(answer, profile=profile, work=work, at=at))


def login(site: Site) -> list[str]:
    return ["--url", site.url, "--user", USER, "--password", PASSWORD, "--quiet"]


@pytest.mark.parametrize("profile", FAMILIES)
def test_portal_takes_what_each_family_sends(world: World, sale: Talk, profile: ProfileName) -> None:
    part = ordered(world, {0: "4", 1: "2"}, "901").parts.get()
    work = Work(state="К отгрузке", is_paid=True, is_shipped=True, reduced=50)

    answer = returned(sale, profile, work)

    part.refresh_from_db()
    assert answer.startswith("success\no.xml: заказов: 1, изменённых заказов: 1")
    assert "предупреждений" not in answer
    assert part.erp_number.endswith(part.number.replace("-", "")[-6:])
    assert (part.erp_date, part.is_posted, part.is_paid, part.is_shipped) == (
        date(2026, 11, 24),
        True,
        True,
        True,
    )
    assert (part.paid_on, part.shipped_on) == (date(2026, 11, 24), date(2026, 11, 24))
    assert part.erp_state_text == "К отгрузке"
    assert list(ErpLine.objects.order_by("position").values_list("quantity", flat=True)) == [2, 1]
    papers = list(ErpDocument.objects.order_by("kind").values_list("kind", flat=True))
    assert papers == ([] if profile == "ut11" else ["payment", "shipment"])
    assert Order.objects.count() == 1


@pytest.mark.parametrize("profile", FAMILIES)
def test_order_marked_for_deletion_is_cancelled(world: World, sale: Talk, profile: ProfileName) -> None:
    ordered(world, {0: "4"}, "400")

    returned(sale, profile, Work(is_deleted=True))

    assert Order.objects.get().state == OrderState.CANCELLED


def test_number_padded_without_an_id_finds_its_order(world: World, sale: Talk) -> None:
    ordered(world, {0: "4"}, "400")
    answer = sale.get("query").encode()

    text = orders_back(answer, profile="bus31", work=Work(), at=AT).decode()

    assert "<Номер>B0" in text
    assert "<Ид>" not in text[: text.index("<Контрагенты>")]
    sale.load("o.xml", text)
    assert not ExternalId.objects.filter(kind=ExternalKind.ORDER_PART).exists()
    assert Order.objects.get().parts.get().erp_number.startswith("БУ00-")


def test_lost_answer_is_asked_for_again_and_a_repeat_is_sent_whole(tmp_path: Path) -> None:
    changed = tmp_path / "orders.xml"
    changed.write_text(ORDERS)

    with running_site() as site:
        options = {"faults": Faults(lose_answer=True, repeat_orders=True)}
        report = OneCClient(site.url, USER, PASSWORD, **options).send_orders(changed, name="o.xml")  # type: ignore[arg-type]

    once = ["checkauth", "init", "file o.xml", "import o.xml", "import o.xml"]
    assert site.briefs == ["checkauth", *once, *once]
    assert report.ok


def test_command_fetches_confirms_and_sends_back() -> None:
    with running_site({"query": [ORDERS]}) as site:
        told = ["--dialect", "bus", "--profile", "bus31", "--state", "Отгружен", "--shipped"]
        code = main(["orders-back", *login(site), *told])

    sent = next(request for request in site.requests if request.mode == "file")
    assert code == 0
    assert [request.mode for request in site.requests] == [
        "checkauth", "checkauth", "init", "query", "success", "checkauth", "init", "file", "import",
    ]  # fmt: skip
    assert "<Значение>Отгружен</Значение>" in sent.body.decode()
    assert 'ВерсияСхемы="3.1"' in sent.body.decode()


def test_command_sends_a_kept_answer(tmp_path: Path) -> None:
    kept = tmp_path / "answer.xml"
    kept.write_text(ORDERS)

    with running_site() as site:
        told = ["--from", str(kept), "--cancelled", "--fault", "lost-answer"]
        code = main(["orders-back", *login(site), *told])

    assert code == 0
    assert [request.mode for request in site.requests][-3:] == ["file", "import", "import"]
