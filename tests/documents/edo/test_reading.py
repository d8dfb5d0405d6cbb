"""Files of strangers: known ones in human form, unknown ones by their root, hostile ones refused."""

import time
import tracemalloc
from datetime import date
from decimal import Decimal

import pytest

from documents.edo.act501 import act_xml
from documents.edo.parsing import SIZE_LIMIT, XmlRefused
from documents.edo.reading import UNKNOWN, paper_seen
from documents.edo.seen import SeenFact, SeenLine, SeenParty, SeenSigner, SeenTotal
from tests.documents.edo.papers import (
    AT,
    BY_GUID,
    CHINA,
    GUID,
    LOT,
    RECEIVER,
    SCHEMAS,
    SENDER,
    act,
    line,
    made,
    shipment,
)
from tests.documents.edo.test_upd503 import KIN

HEADER = '<?xml version="1.0" encoding="utf-8"?>\n'
OLD_UPD = """<?xml version="1.0" encoding="windows-1251"?>
<Файл ИдФайл="ON_SCHFDOPPR_1_2_20191120_x" ВерсФорм="5.01" ВерсПрог="1С">
 <Документ КНД="1115125" Функция="СЧФДОП">
  <СвСчФакт НомерСчФ="77" ДатаСчФ="20.11.2019" КодОКВ="643">
   <ИспрСчФ НомИспрСчФ="1" ДатаИспрСчФ="21.11.2019"/>
   <СвПрод><ИдСв><СвЮЛУч НаимОрг="ООО Ромашка" ИННЮЛ="7701123451" КПП="770101001"/></ИдСв>
    <Адрес><АдрРФ Индекс="125009" КодРегион="77" Город="Москва" Улица="Тверская" Дом="1"/></Адрес></СвПрод>
   <СвПокуп><ИдСв><СвИП ИННФЛ="500100732259"><ФИО Фамилия="Соколова" Имя="Анна"/></СвИП></ИдСв></СвПокуп>
  </СвСчФакт>
  <ТаблСчФакт>
   <СведТов НомСтр="1" НаимТов="Болт" КолТов="2" ЦенаТов="10" СтТовБезНДС="20.00" НалСт="20%"
     СтТовУчНал="24.00">
    <СумНал><СумНал>4.00</СумНал></СумНал>
    <ДопСведТов НаимЕдИзм="шт" КодТов="Б-1" КрНаимСтрПр="КИТАЙ"/></СведТов>
   <ВсегоОпл СтТовБезНДСВсего="20.00" СтТовУчНалВсего="25.00">
    <СумНалВсего><СумНал>4.00</СумНал></СумНалВсего></ВсегоОпл>
  </ТаблСчФакт>
  <СвПродПер><СвПер СодОпер="Передано" ДатаПер="20.11.2019">
   <ОснПер НаимОсн="Договор" НомОсн="5" ДатаОсн="01.01.2019"/></СвПер></СвПродПер>
  <Подписант ОснПолн="Должностные обязанности">
   <ЮЛ Должн="Директор"><ФИО Фамилия="Иванов" Имя="Иван" Отчество="Иванович"/></ЮЛ></Подписант>
 </Документ>
</Файл>"""
BILL = (
    HEADER
    + """<Файл ИдФайл="ON_CHETOP_1_2" ВерсФорм="5.01"><Документ><СвСчет НомерСчет="15" ДатаСчет="20.11.2026">
<СвПрод><ИдСв><СвЮЛУч НаимОрг="ООО Ромашка" ИННЮЛ="7701123451"/></ИдСв></СвПрод></СвСчет>
<ТаблСчет><СведТов НомСтр="1" НаимТов="Болт" КолТов="2" СтТовУчНал="24.00"/>
<ВсегоОпл СтТовУчНалВсего="24.00"/>
</ТаблСчет></Документ></Файл>"""
)


def test_our_own_upd_is_read_back() -> None:
    goods = line("Дрель", "122", "2", "22", origins=(CHINA,), traced=(LOT,))

    seen = paper_seen(made(shipment((goods,), head=BY_GUID, order_numbers=("З-1",))).content)

    assert seen.title == "УПД, статус 1: счет-фактура и передаточный документ"
    assert (seen.number, seen.day, seen.version, seen.currency) == (
        "УТ-1042",
        date(2026, 11, 20),
        "5.03",
        "Российский рубль",
    )
    assert seen.parties[-1] == SeenParty(
        role="Покупатель",
        name='ООО "Дилер Север"',
        inn="7805123456",
        kpp="780501001",
        address="198095, г. Санкт-Петербург, ул. Промышленная, д. 19",
    )
    assert seen.lines == (
        SeenLine(
            number="1",
            name="Дрель",
            article="АРТ-1",
            unit="шт",
            quantity=Decimal("2"),
            price=Decimal("100.00"),
            net=Decimal("200.00"),
            rate="22%",
            vat=Decimal("44.00"),
            gross=Decimal("244.00"),
            origin="КИТАЙ; 10702020/151124/5071234",
            lots=("10702020/151124/5071234/001",),
        ),
    )
    assert seen.total == SeenTotal(net=Decimal("200.00"), vat=Decimal("44.00"), gross=Decimal("244.00"))
    assert seen.signers == (
        SeenSigner(
            name="Иванов Иван Иванович",
            position="Менеджер",
            authority="МЧД № 3bc7ac28-e542-55bf-a743-607c464312ed 12.01.2026",
        ),
    )
    assert SeenFact(title="Основание", text="Договор поставки № ДП-15/2026 от 12.01.2026") in seen.facts
    assert SeenFact(title="Заказ", text="З-1") in seen.facts
    assert seen.doubts == ()


@pytest.mark.parametrize("name", KIN)
def test_every_kin_is_read_with_its_sum(name: str) -> None:
    payload = KIN[name]

    seen = paper_seen(made(payload).content)

    assert seen.total is not None
    assert seen.total.gross == payload.total.gross
    assert len(seen.lines) == len(payload.lines)
    assert seen.doubts == ()


def test_line_5b_is_read_by_its_name() -> None:
    seen = paper_seen(made(KIN["advances and payments"]).content)

    words = "№ А-77 от 18.11.2026; № А-78 от 19.11.2026, исправление № 1 от 20.11.2026"
    assert SeenFact(title="К счету-фактуре на аванс", text=words) in seen.facts


def test_old_version_is_read_and_its_wrong_sum_told() -> None:
    seen = paper_seen(OLD_UPD.encode("cp1251"))

    assert (seen.number, seen.day, seen.version) == ("77", date(2019, 11, 20), "5.01")
    assert seen.revision == "Исправление № 1 от 21.11.2019"
    assert [(party.role, party.name, party.inn) for party in seen.parties] == [
        ("Продавец", "ООО Ромашка", "7701123451"),
        ("Покупатель", "ИП Соколова Анна", "500100732259"),
    ]
    assert seen.parties[0].address == "125009, Москва, Тверская, 1"
    assert (seen.lines[0].unit, seen.lines[0].article, seen.lines[0].origin) == ("шт", "Б-1", "КИТАЙ")
    assert SeenFact(title="Основание", text="Договор № 5 от 01.01.2019") in seen.facts
    assert seen.signers == (
        SeenSigner(name="Иванов Иван Иванович", position="Директор", authority="Должностные обязанности"),
    )
    assert seen.doubts == ("Сумма строк 24,00 не равна итогу 25,00.",)


def test_act_is_read_with_its_balances() -> None:
    file = act_xml(act(), sender_id=SENDER, receiver_id=RECEIVER, guid=GUID, at=AT)

    seen = paper_seen(file.content)

    (balance,) = seen.balances
    assert seen.title == "Акт сверки взаимных расчетов"
    assert balance.contract == "Договор поставки № ДП-15/2026 от 12.01.2026"
    assert (balance.opening, balance.turnover, balance.closing) == (
        (Decimal("10000.00"), Decimal("0.00")),
        (Decimal("5000.00"), Decimal("12000.00")),
        (Decimal("3000.00"), Decimal("0.00")),
    )
    assert [(one.title, one.debit, one.credit) for one in balance.operations] == [
        ("Продажа (УТ-900 от 05.07.2026)", Decimal("5000.00"), None),
        ("Оплата (221 от 20.07.2026)", None, Decimal("12000.00")),
    ]


def test_bill_is_read_leniently() -> None:
    seen = paper_seen(BILL.encode())

    assert (seen.title, seen.number, seen.day) == ("Счет на оплату", "15", date(2026, 11, 20))
    assert [party.name for party in seen.parties] == ["ООО Ромашка"]
    assert seen.total is not None
    assert seen.total.gross == Decimal("24.00")


@pytest.mark.parametrize("name", ["schet-faktura", "upd-status1-22pct", "upd-status2-bez-nds"])
def test_samples_are_read(name: str) -> None:
    sample = SCHEMAS / "samples" / f"{name}.xml"
    if not sample.is_file():
        pytest.skip("the reference data of exchange files is not here")

    seen = paper_seen(sample.read_bytes())

    assert (seen.is_known, seen.doubts, bool(seen.lines)) == (True, (), True)


def test_unknown_format_is_named_by_its_root() -> None:
    seen = paper_seen(f"{HEADER}<Order xmlns='urn:x'><Number>1</Number></Order>".encode())

    assert (seen.title, seen.root, seen.is_known) == (UNKNOWN, "{urn:x}Order", False)


def test_nonsense_inside_a_known_format_breaks_nothing() -> None:
    told = OLD_UPD.replace('КолТов="2"', 'КолТов="1e999999999"').replace("20.11.2019", "99.99.20191")
    told = told.replace('СтТовУчНал="24.00"', 'СтТовУчНал="NaN"')

    seen = paper_seen(told.encode("cp1251"))

    assert (seen.day, seen.lines[0].quantity, seen.lines[0].gross, seen.doubts) == (None, None, None, ())


@pytest.mark.parametrize(
    "content", [f"{HEADER}<Файл/>".encode(), f"{HEADER}<Файл><Документ/></Файл>".encode()]
)
def test_empty_files_are_unknown(content: bytes) -> None:
    assert not paper_seen(content).is_known


LAUGHS = (
    HEADER
    + "<!DOCTYPE a ["
    + "".join(
        f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{"&l" + str(n - 1) + ";" if n else ""}">'
        for n in range(40)
    )
    + "]><a>&l39;</a>"
)
HOSTILE = {
    "billion laughs": LAUGHS.encode(),
    "external entity": (
        HEADER
        + '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + '<Файл><Документ КНД="1115131">&x;</Документ></Файл>'
    ).encode(),
    "small letters": (HEADER + "<!doctype a []><a/>").encode(),
    "utf-16 hides a dtd": LAUGHS.replace("utf-8", "utf-16").encode("utf-16"),
    "utf-16 hides a dtd of one entity": (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a b="&x;"/>'.encode("utf-16")
    ),
    "utf-16 without a mark": '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16-le"),
    "utf-7": b'<?xml version="1.0" encoding="utf-7"?>\n+ADwAIQ-DOCTYPE a+AD4-<a/>',
    "deep": (HEADER + "<a>" * 150_000 + "</a>" * 150_000).encode(),
    "300,000 deep": (HEADER + "<a>" * 300_000).encode(),
    "61 deep": (HEADER + "<a>" * 61 + "</a>" * 61).encode(),
    "many": (HEADER + "<a>" + "<b/>" * 500_000 + "</a>").encode(),
    "50 MB": HEADER.encode() + b"<a>" + b"x" * 50_000_000 + b"</a>",
    "cut": HEADER.encode() + b"<a><b>",
    "no XML": b"PK\x03\x04",
    "empty": b"",
    "nul": HEADER.encode() + b"<a>\x00</a>",
}


def test_mark_of_utf8_is_no_hindrance() -> None:
    assert paper_seen(b"\xef\xbb\xbf" + HEADER.encode() + b"<a/>").root == "a"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_quickly_and_in_little_memory(name: str) -> None:
    tracemalloc.start()
    began = time.monotonic()

    with pytest.raises(XmlRefused):
        paper_seen(HOSTILE[name])

    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.monotonic() - began < 5
    assert peak < 2 * SIZE_LIMIT
