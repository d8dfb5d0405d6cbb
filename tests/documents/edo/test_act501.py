"""Акт сверки 5.01 of our payload."""

from dataclasses import replace

import pytest

from documents.edo.act501 import act_xml
from documents.edo.files import EdoFile, EdoInvalid
from documents.payloads.act import ActPayload
from documents.payloads.parts import Signer
from tests.documents.edo.papers import (
    AT,
    BUYER,
    BY_GUID,
    BY_PAPER,
    ENTREPRENEUR,
    GUID,
    HEAD,
    RECEIVER,
    SENDER,
    act,
    contract,
    operation,
    schema,
    tree,
)

ACT_SCHEMA = "ON_AKTSVEROTP_1_972_01_05_01_01.xsd"


def made(payload: ActPayload) -> EdoFile:
    return act_xml(payload, sender_id=SENDER, receiver_id=RECEIVER, guid=GUID, at=AT)


@pytest.mark.parametrize(
    "payload",
    [
        act(),
        act(contract("-500.00", operation(1, "Оплата", credit="100.00")), contract("0", number="ДП-16/2026")),
        act(contract("0", operation(1, "Корректировка (1 от 01.07.2026)", debit="-100.00"))),
        act(buyer=ENTREPRENEUR),
        act(seller_signer=BY_GUID),
        act(seller_signer=BY_PAPER),
        act(replace(act().groups[0], contract=None)),
    ],
)
def test_act_is_valid(payload: ActPayload) -> None:
    schema(ACT_SCHEMA).assertValid(tree(made(payload)).getroottree())


def test_balances_stand_on_their_sides() -> None:
    payload = act(
        contract("-500.00", operation(1, "Оплата", credit="100.00")),
        contract("700.00", operation(2, "Продажа", debit="50.00"), number="ДП-16/2026"),
    )

    table = tree(made(payload)).find("Документ/ТаблАкт")

    assert table is not None
    sums = ("СальдоНачДеб", "СальдоНачКр", "ОборотДеб", "ОборотКр", "СальдоКонДеб", "СальдоКонКр")
    assert [[told.get(name) for name in sums] for told in (table, *table)] == [
        ["200.00", "0.00", "50.00", "100.00", "150.00", "0.00"],
        ["0.00", "500.00", "0.00", "100.00", "0.00", "600.00"],
        ["700.00", "0.00", "50.00", "0.00", "750.00", "0.00"],
    ]
    assert [told.get("НомСтр") for told in table.iter("СвОпер")] == ["1", "2"]


def test_operation_names_its_paper() -> None:
    told = tree(made(act())).findall("Документ/ТаблАкт/ДогСв/ДокСв")

    assert [(one.get("НаимДок"), one.get("НомДок"), one.get("ДатаДок")) for one in told] == [
        ("Продажа", "УТ-900", "05.07.2026"),
        ("Оплата", "б/н", "20.07.2026"),
    ]


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (act(buyer=replace(BUYER, ogrn="")), "ОГРН"),
        (act(buyer=replace(BUYER, kpp="")), "КПП"),
        (act(seller_signer=None), "Фамилия"),
        (act(seller_signer=Signer(role="Директор", name="Иванов И. И.")), "Фамилия"),
        (act(currency="XXX"), "КодОКВ"),
        (act(seller_signer=replace(HEAD, role="д" * 256)), "Должн"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_field(payload: ActPayload, field: str) -> None:
    with pytest.raises(EdoInvalid) as refused:
        made(payload)

    assert field in [fault.field for fault in refused.value.faults]
