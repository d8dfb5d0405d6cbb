"""Each rule of the schematron, broken on a sound file: the field is named."""

import pytest
from lxml import etree

from documents.edo.rules import faults
from tests.documents.edo.papers import BY_PAPER, CHINA, line, made, shipment, tree
from tests.documents.edo.test_upd503 import FACTURA_SHIPMENT, KIN

HEAD, TABLE, ACT = "Документ/СвСчФакт", "Документ/ТаблСчФакт", "Документ/СвПродПер/СвПер"
LINE = f"{TABLE}/СведТов"


def drop(root: etree._Element, path: str) -> None:
    told = root.find(path)
    assert told is not None, path
    parent = told.getparent()
    assert parent is not None
    parent.remove(told)


def forget(root: etree._Element, path: str, field: str) -> None:
    told = root.find(path)
    assert told is not None, path
    del told.attrib[field]


def mark(root: etree._Element, path: str, field: str, value: str) -> None:
    told = root.find(path)
    assert told is not None, path
    told.set(field, value)


def add(root: etree._Element, path: str, xml: str) -> None:
    told = root.find(path)
    assert told is not None, path
    told.append(etree.fromstring(xml))


def fields(root: etree._Element) -> list[str]:
    return [fault.field for fault in faults(root)]


@pytest.mark.parametrize("name", KIN)
def test_sound_file_has_no_faults(name: str) -> None:
    assert faults(tree(made(KIN[name]))) == []


@pytest.mark.parametrize(
    ("kin", "path", "field"),
    [
        ("status 1", TABLE, "ТаблСчФакт"),
        ("bare factura", TABLE, "ТаблСчФакт"),
        ("status 1", f"{HEAD}/СвПрод/Адрес", "Адрес"),
        ("status 1", f"{HEAD}/ГрузПолуч/Адрес", "Адрес"),
        ("everything", f"{HEAD}/ГрузОт/ГрузОтпр/Адрес", "Адрес"),
        ("bare factura", f"{HEAD}/СвПокуп/Адрес", "Адрес"),
        ("status 1", "Документ/СвПродПер", "СвПродПер"),
        ("status 2 with VAT", "Документ/СвПродПер", "СвПродПер"),
        ("bare factura", f"{HEAD}/ДокПодтвОтгрНом", "ДокПодтвОтгрНом"),
        ("imported", f"{LINE}/ДопСведТов", "КрНаимСтрПр"),
        ("electronic authority", "Документ/Подписант/СвДоверЭл", "СвДоверЭл"),
        ("paper authority", "Документ/Подписант/СвДоверБум", "СвДоверБум"),
        ("status 1", "Документ/Подписант", "Подписант"),
    ],
)
def test_missing_part_is_named(kin: str, path: str, field: str) -> None:
    root = tree(made(KIN[kin]))

    drop(root, path)

    assert fields(root) == [field]


@pytest.mark.parametrize(
    ("kin", "path", "field"),
    [
        ("status 1", LINE, "НаимТов"),
        ("status 1", LINE, "НаимЕдИзм"),
        ("status 1", LINE, "КолТов"),
        ("status 1", LINE, "ЦенаТов"),
        ("status 1", LINE, "СтТовУчНал"),
        ("status 1", LINE, "СтТовБезНДС"),
        ("advance", LINE, "СтТовУчНал"),
        ("status 1", f"{TABLE}/ВсегоОпл", "СтТовУчНалВсего"),
        ("status 1", f"{TABLE}/ВсегоОпл", "СтТовБезНДСВсего"),
        ("status 1", "Документ", "НаимДокОпр"),
        ("status 2 with VAT", "Документ", "НаимДокОпр"),
        ("status 1", ACT, "ДатаПер"),
        ("status 1", "Документ/Подписант", "Должн"),
    ],
)
def test_missing_field_is_named(kin: str, path: str, field: str) -> None:
    root = tree(made(KIN[kin]))

    forget(root, path, field)

    (fault,) = faults(root)
    assert fault.field == field
    assert f"({field})" in fault.text


@pytest.mark.parametrize(
    ("kin", "path", "field", "value"),
    [
        ("bare factura", "Документ", "НаимДокОпр", "УПД"),
        ("status 1", LINE, "ЦенаТов", "0.00"),
        ("status 1", "Документ/Подписант", "СпосПодтПолном", "3"),
        ("status 1", "Документ/Подписант", "СпосПодтПолном", "5"),
        ("electronic authority", "Документ/Подписант", "СпосПодтПолном", "1"),
        ("everything", f"{HEAD}/ДопСвФХЖ1", "СпОбстФСЧФ", "2"),
        ("everything", f"{HEAD}/ДопСвФХЖ1", "СпОбстФДОП", "00001"),
        ("advance", f"{HEAD}/ДопСвФХЖ1", "СпОбстФСЧФДОП", "00005"),
        ("status 1", LINE, "НалСт", "21%"),
        ("status 1", HEAD, "ДатаДок", "31.11.2026"),
        ("status 1", HEAD, "ДатаДок", "29.02.2026"),
    ],
)
def test_wrong_value_is_named(kin: str, path: str, field: str, value: str) -> None:
    root = tree(made(KIN[kin]))

    mark(root, path, field, value)

    told = fields(root)
    wanted = {"3": "СвДоверЭл", "5": "СвДоверБум"}.get(value, field) if field == "СпосПодтПолном" else field
    assert wanted in told


def test_plain_transfer_may_name_goods_by_code_and_one_sum() -> None:
    root = tree(made(KIN["status 2 with VAT"]))
    forget(root, LINE, "НаимТов")
    forget(root, LINE, "СтТовБезНДС")

    assert fields(root) == []

    drop(root, f"{LINE}/ДопСведТов")
    forget(root, LINE, "СтТовУчНал")

    assert fields(root) == ["СтТовУчНал", "НаимТов"]


def test_period_stands_for_the_date() -> None:
    root = tree(made(shipment()))
    forget(root, ACT, "ДатаПер")
    mark(root, ACT, "ДатаНачПер", "01.11.2026")

    assert fields(root) == ["ДатаПер"]

    mark(root, ACT, "ДатаОконПер", "20.11.2026")

    assert fields(root) == []


def test_registered_address_needs_a_district_but_in_a_federal_territory() -> None:
    root = tree(made(shipment()))
    drop(root, f"{HEAD}/СвПрод/Адрес/АдрИнф")
    add(root, f"{HEAD}/СвПрод/Адрес", "<АдрГАР><Регион>50</Регион><НаимРегион>Область</НаимРегион></АдрГАР>")

    assert fields(root) == ["МуниципРайон"]

    region = root.find(f"{HEAD}/СвПрод/Адрес/АдрГАР/Регион")
    assert region is not None
    region.text = "99"

    assert fields(root) == []


def test_other_organization_needs_inn_or_grounds() -> None:
    root = tree(made(shipment()))
    drop(root, f"{ACT}/СвЛицПер")
    add(
        root, ACT, '<СвЛицПер><ИнЛицо><ПредОргПер Должность="Водитель" НаимОргПер="ООО"/></ИнЛицо></СвЛицПер>'
    )

    assert fields(root) == ["ИННЮЛПер"]


def test_kind_of_excise_goods_needs_the_excise() -> None:
    root = tree(made(shipment((line("Спирт", "100", "2", "22", origins=(CHINA,)),))))
    mark(root, f"{LINE}/ДопСведТов", "КодВидПр", "100")

    assert fields(root) == []

    drop(root, f"{LINE}/Акциз")

    assert fields(root) == ["Акциз"]


def test_unknown_function_is_named() -> None:
    root = tree(made(shipment()))
    mark(root, "Документ", "Функция", "СвРК")

    assert "Функция" in fields(root)


def test_empty_file_is_told() -> None:
    assert fields(etree.Element("Файл")) == ["Документ"]


def test_everything_wrong_is_told_at_once() -> None:
    root = tree(made(shipment(head=BY_PAPER, shipments=FACTURA_SHIPMENT)))
    for field in ("НаимТов", "ЦенаТов"):
        forget(root, LINE, field)
    mark(root, HEAD, "ДатаДок", "31.11.2026")

    assert {"НаимТов", "ЦенаТов", "ДатаДок"} <= set(fields(root))
