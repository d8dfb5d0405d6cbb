"""УПД 5.03 of our own payloads: valid by the schema, equal in sums, named by the rule."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from documents.edo.files import EdoInvalid
from documents.payloads.parts import Authority, PaperRef
from documents.payloads.transfer import AdvanceFactura, PaymentRef, Revision, TransferPayload
from tests.documents.edo.papers import (
    AT,
    BUYER,
    BY_GUID,
    BY_PAPER,
    CHINA,
    ENTREPRENEUR,
    GOLDEN,
    GUID,
    HEAD,
    LOT,
    RECEIVER,
    SCHEMAS,
    SENDER,
    line,
    made,
    schema,
    shipment,
    tree,
)

UPD_SCHEMA = "upd-5.03-reconstructed.xsd"
ADVANCE = AdvanceFactura(number="А-77", day=date(2026, 11, 18))
REVISED = AdvanceFactura(
    number="А-78", day=date(2026, 11, 19), revision=Revision(number=1, day=date(2026, 11, 20))
)
FACTURA_SHIPMENT = (PaperRef(name="Товарная накладная", number="УТ-1042", day=date(2026, 11, 20)),)
RATES = (
    line("Двадцать два", "122", "1", "22"),
    line("Десять", "110", "3", "10"),
    line("Семь", "107", "1.125", "7"),
    line("Пять", "105", "2", "5"),
    line("Ноль", "100", "1", "0"),
    line("Без налога", "100.01", "1", None),
)

KIN: dict[str, TransferPayload] = {
    "status 1": shipment(),
    "status 2 without VAT": shipment((line("Кабель", "98.37", "1000", None),), status=2),
    "status 2 with VAT": shipment(status=2),
    "bare factura": shipment(status=0, shipments=FACTURA_SHIPMENT),
    "advance": shipment(
        (line("Аванс по договору", "1220.00", "1", "22"),),
        status=0,
        is_advance=True,
        consignee=None,
        payments=(PaymentRef(number="315", day=date(2026, 11, 18), amount=Decimal("1220.00")),),
    ),
    "correction": shipment(revision=Revision(number=1, day=date(2026, 11, 25))),
    "entrepreneur": shipment(seller=ENTREPRENEUR, head=replace(HEAD, role="Индивидуальный предприниматель")),
    "buyer is entrepreneur": shipment(buyer=ENTREPRENEUR, consignee=None),
    "traceable": shipment(
        (line("Стиральная машина", "100", "2", "22", traced=(LOT, LOT), origins=(CHINA,)),)
    ),
    "imported": shipment((line("Дрель", "100", "2", "22", origins=(CHINA, replace(CHINA, declaration=""))),)),
    "all rates": shipment(RATES),
    "electronic authority": shipment(head=BY_GUID),
    "paper authority": shipment(head=BY_PAPER),
    "advances and payments": shipment(
        advances=(ADVANCE, REVISED),
        payments=(
            PaymentRef(number="315", day=date(2026, 11, 18)),
            PaymentRef(number="316", day=date(2026, 11, 19)),
        ),
    ),
    "everything": shipment(
        shipper=ENTREPRENEUR,
        basis=(),
        transport="ТТН № 5 от 20.11.2026, нетто 120 кг",
        shipped_on=date(2026, 11, 21),
        shipped_note="Паллеты возвратные",
        proxy="№ 8 от 19.11.2026, Кузнецов П. П.",
        order_numbers=("З-1", "З-2"),
        state_contract="12345678901234567890",
    ),
    "excise": shipment((line("Спирт", "100", "2", "22", excise=Decimal("10.50"), kind_code="2207100000"),)),
}


@pytest.mark.parametrize("name", ["schet-faktura", "upd-status1-22pct", "upd-status2-bez-nds"])
def test_samples_of_the_reference_are_valid(name: str) -> None:
    sample = SCHEMAS / "samples" / f"{name}.xml"
    checked = schema(UPD_SCHEMA)

    checked.assertValid(etree.parse(str(sample)))


@pytest.mark.parametrize("name", KIN)
def test_kin_of_the_samples_is_valid_and_adds_up(name: str) -> None:
    payload = KIN[name]

    file = made(payload)

    root = tree(file)
    schema(UPD_SCHEMA).assertValid(root.getroottree())
    total = root.find("Документ/ТаблСчФакт/ВсегоОпл")
    assert total is not None
    assert total.get("СтТовУчНалВсего") == f"{payload.total.gross:.2f}"
    assert Decimal(total.findtext("СумНалВсего/СумНал") or "0") == payload.total.vat
    lines = root.findall("Документ/ТаблСчФакт/СведТов")
    assert [Decimal(told.get("СтТовУчНал", "")) for told in lines] == [
        one.amount.gross for one in payload.lines
    ]
    if not payload.is_advance:
        assert total.get("СтТовБезНДСВсего") == f"{payload.total.net:.2f}"
        assert [Decimal(told.get("СтТовБезНДС", "")) for told in lines] == [
            one.amount.net for one in payload.lines
        ]


def test_golden_totals_of_the_specification() -> None:
    total = tree(made(shipment())).find("Документ/ТаблСчФакт/ВсегоОпл")

    assert total is not None
    assert (
        total.get("СтТовБезНДСВсего"),
        total.findtext("СумНалВсего/СумНал"),
        total.get("СтТовУчНалВсего"),
    ) == (
        "87372.46",
        "19182.67",
        "106555.13",
    )


def test_bytes_are_windows_1251_and_come_back_whole() -> None:
    file = made(shipment())

    assert file.content.startswith(b"<?xml version='1.0' encoding='windows-1251'?>")
    assert "Ё-серия".encode("cp1251") in file.content
    assert "№ 5".encode("cp1251") in file.content
    assert b"caf&#233;" in file.content
    (names,) = {tuple(one.get("НаимТов") for one in tree(file).iter("СведТов"))}
    assert names == tuple(one.name for one in GOLDEN)


def test_name_is_of_the_rule_and_the_same_inside() -> None:
    traced = line("Стиральная машина", "100", "2", "22", traced=(LOT,))

    plain, traceable = made(shipment()), made(shipment((traced,)))

    begin = f"ON_NSCHFDOPPR_{RECEIVER}_{SENDER}_20261120_{GUID}"
    assert plain.name == f"{begin}_0_0_0_0_0_00.xml"
    assert traceable.name == f"{begin}_1_0_0_0_0_00.xml"
    assert tree(plain).get("ИдФайл") == plain.name.removesuffix(".xml")


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert made(shipment()) == made(shipment())


def test_moment_is_of_moscow() -> None:
    document = tree(made(shipment(), at=AT.replace(hour=22))).find("Документ")

    assert document is not None
    assert (document.get("ДатаИнфПр"), document.get("ВремИнфПр")) == ("21.11.2026", "01.15.00")


@pytest.mark.parametrize(("status", "function"), [(1, "СЧФДОП"), (2, "ДОП"), (0, "СЧФ")])
def test_function_follows_the_status(status: int, function: str) -> None:
    document = tree(made(shipment(status=status, shipments=FACTURA_SHIPMENT))).find("Документ")

    assert document is not None
    assert document.get("Функция") == function
    assert (document.find("СвПродПер") is None) == (function == "СЧФ")


def test_entrepreneur_is_a_person() -> None:
    told = tree(made(KIN["entrepreneur"])).find("Документ/СвСчФакт/СвПрод/ИдСв/СвИП")

    assert told is not None
    assert dict(told.attrib) == {
        "ИННФЛ": "500100732259",
        "ОГРНИП": "304500116000157",
        "ДатаОГРНИП": "08.06.2004",
    }
    assert dict(told[0].attrib) == {"Фамилия": "Соколова", "Имя": "Анна", "Отчество": "Игоревна"}


def test_advance_has_the_calculated_rate_and_no_goods() -> None:
    told = tree(made(KIN["advance"])).find("Документ/ТаблСчФакт/СведТов")

    assert told is not None
    assert dict(told.attrib) == {
        "НомСтр": "1",
        "НаимТов": "Аванс по договору",
        "НалСт": "22/122",
        "СтТовУчНал": "1220.00",
    }


def test_line_5b_stands_under_the_identifier_of_the_setting(settings: Any) -> None:
    settings.EDO_ADVANCE_SF_IDENT = "СвСФАванс"

    told = tree(made(KIN["advances and payments"])).findall("Документ/СвСчФакт/ИнфПолФХЖ1/ТекстИнф")

    assert [dict(one.attrib) for one in told] == [
        {
            "Идентиф": "СвСФАванс",
            "Значен": "№ А-77 от 18.11.2026; № А-78 от 19.11.2026, исправление № 1 от 20.11.2026",
        }
    ]


def test_many_advances_take_several_values() -> None:
    advances = tuple(replace(ADVANCE, number=f"{'А' * 30}-{number}") for number in range(100))

    told = tree(made(shipment(advances=advances))).findall("Документ/СвСчФакт/ИнфПолФХЖ1/ТекстИнф")

    values = [one.get("Значен", "") for one in told]
    assert len(values) > 1
    assert max(map(len, values)) <= 2000
    assert sum(value.count("№") for value in values) == 100


def test_correction_names_the_file_that_it_corrects() -> None:
    head = tree(made(KIN["correction"], corrects="ON_NSCHFDOPPR_old")).find("Документ/СвСчФакт")

    assert head is not None
    assert (head.get("НомерДок"), head.get("ДатаДок"), head.get("ИмяФайлИспрПрод")) == (
        "УТ-1042",
        "20.11.2026",
        "ON_NSCHFDOPPR_old",
    )
    assert dict(head[0].attrib) == {"НомИспр": "1", "ДатаИспр": "25.11.2026"}


@pytest.mark.parametrize(
    ("name", "attribute", "broken"),
    [
        ("status 1", ("Документ/ТаблСчФакт/СведТов", "НалСт"), "21%"),
        ("status 1", (".", "ВерсФорм"), "5.04"),
        ("status 1", ("Документ/СвСчФакт", "ДатаДок"), "31.11.2026"),
    ],
)
def test_schema_can_refuse(name: str, attribute: tuple[str, str], broken: str) -> None:
    root = tree(made(KIN[name]))
    told = root.find(attribute[0])
    assert told is not None

    told.set(attribute[1], broken)

    assert not schema(UPD_SCHEMA).validate(root.getroottree())


@pytest.mark.parametrize(
    ("payload", "field", "words"),
    [
        (
            shipment(seller=replace(shipment().seller, address="")),
            "Адрес",
            "Адрес (Адрес): не указано, продавец",
        ),
        (shipment(buyer=replace(BUYER, inn="78051")), "ИННЮЛ", "в ИНН организации 10 цифр"),
        (shipment(buyer=replace(BUYER, kpp="1")), "КПП", "в КПП 9 знаков"),
        (shipment(head=replace(HEAD, person=None)), "Фамилия", "фамилия"),
        (shipment(head=None), "Фамилия", "фамилия"),
        (shipment(head=replace(HEAD, role="")), "Должн", "должность подписавшего"),
        (shipment(seller=replace(ENTREPRENEUR, name="ИП Соколова")), "Фамилия", "фамилия"),
        (
            shipment((line("", "1", "1", "22"),)),
            "НаимТов",
            "Строка 1, наименование товара (НаимТов): не указано",
        ),
        (shipment((line("Х" * 2001, "1", "1", "22"),)), "НаимТов", "не больше 2000 знаков"),
        (shipment((line("Товар", "1", "1", "21"),)), "НалСт", "такой ставки нет"),
        (shipment((line("Товар", "1", "1", "22", unit_code="ШТУКА"),)), "ОКЕИ_Тов", "код ОКЕИ"),
        (shipment((line("Товар", "1", "1", "22", article="А" * 51),)), "АртикулТов", "не больше 50 знаков"),
        (shipment((line("Товар", "0", "1000", "22"),)), "ЦенаТов", "Строка 1, цена (ЦенаТов)"),
        (
            shipment((line("Товар", "1", "1", "22", origins=(replace(CHINA, country=""),)),)),
            "КрНаимСтрПр",
            "краткое наименование страны происхождения",
        ),
        (
            shipment((line("Товар", "1", "1", "22", traced=(replace(LOT, number="1"),)),)),
            "НомТовПрослеж",
            "от 25 до 29 знаков",
        ),
        (shipment(status=0), "ДокПодтвОтгрНом", "документ об отгрузке"),
        (shipment(state_contract="1"), "ИдГосКон", "от 20 до 25 знаков"),
        (shipment(revision=Revision(number=1000, day=date(2026, 1, 1))), "НомИспр", "от 1 до 999"),
        (
            shipment(
                head=replace(HEAD, authority=Authority(number="1", day=date(2026, 1, 1), guid="7", system=""))
            ),
            "НомДовер",
            "в номере МЧД 36 знаков",
        ),
    ],
)
def test_what_does_not_fit_is_refused_by_the_name_of_its_field(
    payload: TransferPayload, field: str, words: str
) -> None:
    with pytest.raises(EdoInvalid) as refused:
        made(payload)

    told = [fault for fault in refused.value.faults if fault.field == field]
    assert told
    assert words.lower() in told[0].text.lower()


def test_strange_identifiers_are_refused() -> None:
    with pytest.raises(EdoInvalid, match="идентификаторы участников ЭДО"):
        made(shipment(), receiver_id="../../etc/passwd")


def test_price_below_half_a_kopeck_is_told_finely() -> None:
    told = tree(made(shipment((line("Шайба", "0.004", "1000", None),)))).find(".//СведТов")

    assert told is not None
    assert (told.get("ЦенаТов"), told.get("СтТовБезНДС")) == ("0.004", "4.00")


def test_control_characters_do_not_break_the_file() -> None:
    told = tree(made(shipment((line("Болт\x00\x0b М8\n  оц.", "1", "1", "22"),)))).find(".//СведТов")

    assert told is not None
    assert told.get("НаимТов") == "Болт М8 оц."


def test_consignee_is_the_buyer_unless_told_as_on_paper() -> None:
    told = {name: tree(made(KIN[name])) for name in ("buyer is entrepreneur", "advance")}
    where = "Документ/СвСчФакт/ГрузПолуч/ИдСв/СвИП"

    assert told["buyer is entrepreneur"].find(where).get("ИННФЛ") == ENTREPRENEUR.inn  # type: ignore[union-attr]
    assert told["advance"].find("Документ/СвСчФакт/ГрузПолуч") is None


def test_shipper_who_is_the_seller_is_told_so() -> None:
    root = tree(made(shipment(shipper=shipment().seller)))

    assert root.findtext("Документ/СвСчФакт/ГрузОт/ОнЖе") == "он же"
