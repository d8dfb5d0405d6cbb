"""EnterpriseData in the usual exchange: counterparties, contracts and orders of 1C."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from counterparties.models import Contract
from integrations.models import ErpParty, ExchangeFile, ExchangeNode, HeldOrder
from integrations.onec.enterprise.file import EnterpriseFile, holds_message
from integrations.onec.enterprise.records import ContractRecord
from integrations.onec.incoming.records import DocumentRecord, Head, PartyRecord
from integrations.onec.refusal import ExchangeRefusal
from orders.models import ErpLine, Order, OrderPart
from orders.states import OrderOrigin
from tests.factories import World, make_contract
from tests.integrations.enterprise_files import (
    GUID,
    ORGANIZATION,
    contract,
    message,
    order,
    party,
    party_keys,
    row,
)
from tests.integrations.erp_world import BOLT, ENTITY, make_erp_world, ordered
from tests.integrations.onec_talk import Talk, catalog

ZONE = ZoneInfo("Europe/Moscow")


@pytest.fixture
def world(node: ExchangeNode) -> World:
    return make_erp_world(node)


@pytest.fixture
def sale(client: Client, node: ExchangeNode, world: World) -> Talk:
    return Talk(client, node, kind="sale").start()


def read(tmp_path: Path, text: str) -> tuple[list[object], EnterpriseFile]:
    path = tmp_path / "message.xml"
    path.write_text(text, encoding="utf-8")
    file = EnterpriseFile(path, name="message.xml", zone=ZONE)
    return list(file.records()), file


# --- reading -----------------------------------------------------------------------------------------
def test_message_is_read_object_by_object(tmp_path: Path) -> None:
    other = "<Справочник.Номенклатура><Код>1</Код></Справочник.Номенклатура>"
    text = message(party(inn="7707083893"), other, contract(), order(row(BOLT)), other)

    (head, buyer, paper, made), file = read(tmp_path, text)

    assert isinstance(head, Head)
    assert str(head.formed_at) == "2026-11-24 09:05:07+03:00"
    assert isinstance(buyer, PartyRecord)
    assert (buyer.external_id, buyer.inn, buyer.kpp) == (ENTITY, "7707083893", "770101001")
    assert buyer.address == "г. Москва, ул. Складская, д. 1"
    assert isinstance(paper, ContractRecord)
    assert (paper.number, paper.signed_on, paper.valid_to) == ("Д-1", date(2026, 1, 12), date(2027, 1, 11))
    assert (paper.counterparty_id, paper.organization_id, paper.payment_days) == (ENTITY, ORGANIZATION, 30)
    assert (paper.currency, paper.is_with_client, paper.is_virtual) == ("RUB", True, False)
    assert isinstance(made, DocumentRecord)
    assert (made.external_id, made.erp_number, made.total) == (GUID, "00УТ-000123", Decimal("300.00"))
    assert (made.contract, made.organization, made.is_posted) == ("", "ООО «Опт-Портал»", True)
    assert made.lines is not None
    (line,) = made.lines
    assert (line.external_id, line.unit, line.gross, line.vat) == (BOLT, "шт", 300, Decimal("54.10"))
    assert file.skipped == {"Справочник.Номенклатура": 2}


@pytest.mark.parametrize(
    ("vat", "percent"),
    [
        ("<СтавкаНДС>НДС20</СтавкаНДС>", Decimal(20)),
        ("<СтавкаНДС>НДС10_110</СтавкаНДС>", Decimal(10)),
        ("<СтавкаНДС>БезНДС</СтавкаНДС>", None),
        ("<СтавкаНДС><Ставка>0</Ставка><НеОблагается>true</НеОблагается></СтавкаНДС>", None),
        ("", None),
    ],
)
def test_vat_rate_is_read_in_every_version(tmp_path: Path, vat: str, percent: Decimal | None) -> None:
    (_head, made), _file = read(tmp_path, message(order(row(BOLT, vat=vat))))

    assert isinstance(made, DocumentRecord)
    assert made.lines is not None
    assert made.lines[0].vat_percent == percent


def test_vat_on_top_is_added(tmp_path: Path) -> None:
    line = row(BOLT, extra="<СуммаНДС>66</СуммаНДС>")
    (_head, made), _file = read(tmp_path, message(order(line, is_included="false")))

    assert isinstance(made, DocumentRecord)
    assert made.lines is not None
    assert (made.lines[0].gross, made.lines[0].vat, made.lines[0].price) == (366, 66, 122)


@pytest.mark.parametrize("version", ["1.2", "1.8", "1.20", "1.22"])
def test_any_minor_version_is_taken(tmp_path: Path, version: str) -> None:
    records, _file = read(tmp_path, message(party(), version=version))

    assert len(records) == 2


@pytest.mark.parametrize("space", ["http://v8.1c.ru/edi/edi_stnd/EnterpriseData/2.0", "urn:other"])
def test_other_formats_are_refused(tmp_path: Path, space: str) -> None:
    with pytest.raises(ExchangeRefusal, match=r"нужен EnterpriseData 1\.x"):
        read(tmp_path, message(party(), space=space))


def test_contract_named_in_words_is_kept_for_the_order(tmp_path: Path) -> None:
    named = "<Ссылка>c-1</Ссылка><Номер>Д-7</Номер><Дата>2026-01-12</Дата>"
    (_head, made), _file = read(tmp_path, message(order(row(BOLT), contract=named)))

    assert isinstance(made, DocumentRecord)
    assert made.contract == "Д-7 от 12.01.2026"


@pytest.mark.parametrize("quantity", ["99999999999", "9" * 30, "-3", "три", "1e3"])
def test_order_that_makes_no_sense_is_passed_over(tmp_path: Path, quantity: str) -> None:
    records, file = read(tmp_path, message(order(row(BOLT, quantity=quantity)), order(row(BOLT), ref="next")))

    assert [record.external_id for record in records[1:]] == ["next"]  # type: ignore[attr-defined]
    assert file.unread[0][1] == GUID


def test_message_is_told_by_its_root(tmp_path: Path) -> None:
    for name, text, is_message in (
        ("a.xml", message(party()), True),
        ("b.xml", catalog(), False),
        ("c.xml", "no xml", False),
        ("d.xml", '<!DOCTYPE x><Message xmlns="x"/>', False),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert holds_message(tmp_path / name, name=name) is is_message


# --- loading -----------------------------------------------------------------------------------------
def test_clients_come_in_a_session_of_goods(node: ExchangeNode, world: World, talk: Talk) -> None:
    unknown = party("p-2", name="ООО «Неизвестный»", inn="7728168971")

    answer = talk.load("clients.xml", message(party("p-1", inn=world.entity.inn), unknown, contract()))

    assert answer == (
        "success\nclients.xml: договоров: 1, договоров не принято: 1, контрагентов: 2, "
        "сопоставлено контрагентов: 1, контрагентов ждёт сопоставления: 1, предупреждений: 1"
    )
    states = dict(ErpParty.objects.values_list("external_id", "state"))
    assert states == {"p-1": "matched", "p-2": "waiting"}


def test_contract_is_kept_when_its_organization_is_ours(node: ExchangeNode, world: World, talk: Talk) -> None:
    world.organization.inn = "7707083893"
    world.organization.save(update_fields=["inn"])
    text = message(party("p-1", inn=world.entity.inn), contract())

    first, again = talk.load("contracts.xml", text), talk.load("contracts-again.xml", text)

    made = Contract.objects.get(number="Д-1")
    assert (first[:7], again[:7]) == ("success", "success")
    assert (made.legal_entity, made.organization, made.date, made.valid_until, made.deferral_days) == (
        world.entity,
        world.organization,
        date(2026, 1, 12),
        date(2027, 1, 11),
        30,
    )
    assert (made.is_default, made.state) == (False, "active")


def test_closed_contract_stays_closed(node: ExchangeNode, world: World, talk: Talk) -> None:
    world.organization.inn = "7707083893"
    world.organization.save(update_fields=["inn"])
    client = party("p-1", inn=world.entity.inn)
    talk.load("contracts.xml", message(client, contract()))
    Contract.objects.filter(number="Д-1").update(state="closed")

    talk.load("contracts-again.xml", message(client, contract(number="Д-1/2")))

    assert Contract.objects.get(number="Д-1/2").state == "closed"


def test_contract_of_an_unknown_organization_is_told_of(node: ExchangeNode, world: World, talk: Talk) -> None:
    talk.load("contracts.xml", message(party("p-1", inn=world.entity.inn), contract()))

    (warning,) = ExchangeFile.objects.get().report["warnings"]
    assert warning["text"] == "Договор Д-1 не принят: организация не сопоставлена с нашей"
    assert not Contract.objects.filter(number="Д-1").exists()


def test_order_of_1c_is_shown(node: ExchangeNode, world: World, sale: Talk) -> None:
    text = message(order(row(BOLT)))

    assert sale.load("orders.xml", text) == "success\norders.xml: заказов: 1, новых заказов из 1С: 1"
    again = sale.load("orders-again.xml", text)

    made = Order.objects.get()
    assert again == "success\norders-again.xml: заказов: 1, заказов без изменений: 1"
    assert (made.origin, made.erp_number, made.total) == (OrderOrigin.ERP, "00УТ-000123", 300)
    assert (made.legal_entity, made.contract, made.vat_total) == (
        world.entity,
        world.contract,
        Decimal("54.10"),
    )
    assert ErpLine.objects.get().sku == world.skus[0]


def test_order_of_ours_is_found_by_the_number_that_the_client_gave(
    node: ExchangeNode, world: World, sale: Talk
) -> None:
    part = ordered(world, {0: "3"}, "300").parts.get()
    OrderPart.objects.filter(pk=part.pk).update(is_paid=True, erp_state_text="Закрыт")
    line = row(BOLT, quantity="2", total="200")

    sale.load("orders.xml", message(order(line, total="200", more={"НомерПоДаннымКлиента": part.number})))

    part.refresh_from_db()
    assert (part.erp_number, part.erp_total) == ("00УТ-000123", 200)
    assert (part.is_paid, part.erp_state_text) == (True, "Закрыт")
    assert Order.objects.count() == 1


def test_order_of_an_unknown_client_waits(node: ExchangeNode, world: World, sale: Talk) -> None:
    stranger = party_keys("p-9", name="ООО «Чужой»", inn="7728168971")

    answer = sale.load("orders.xml", message(order(row(BOLT), buyer=stranger)))

    assert "заказов отложено: 1" in answer
    assert HeldOrder.objects.get().reason == "контрагент «ООО «Чужой»» не сопоставлен с юрлицом"


def test_virtual_contract_does_not_decide_between_two(node: ExchangeNode, world: World, sale: Talk) -> None:
    make_contract(world.entity, is_default=False)

    sale.load("orders.xml", message(order(row(BOLT))))

    assert HeldOrder.objects.get().reason == "договор не определён: подходит 2"


def test_strangers_and_a_missing_moment_are_told_of(node: ExchangeNode, world: World, sale: Talk) -> None:
    other = "<Справочник.Склады><Код>1</Код></Справочник.Склады>"

    sale.load("message.xml", message(other, formed=""))

    assert [warning["text"] for warning in sale.file("message.xml").report["warnings"]] == [
        "Нет CreationDate: не видно, новее ли файл принятых раньше",
        "Справочник.Склады: портал не читает, пропущено 1",
    ]


def test_cut_message_changes_nothing(node: ExchangeNode, world: World, sale: Talk) -> None:
    text = message(order(row(BOLT)), order(row(BOLT), ref="next", number="2"))

    answer = sale.load("orders.xml", text[:-120])

    assert answer.startswith("failure\norders.xml: файл обрезан или повреждён")
    assert not Order.objects.exists()
