import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from documents.acts.comparing import Sides, client_act_read, compared
from documents.acts.matching import Operation
from documents.acts.theirs import TheirAct, document_number
from documents.acts.workbook import act_workbook
from documents.payloads.act import ActContract, ActLine, ActPayload
from documents.payloads.parts import Party
from finance.workdays import WorkDays
from portal.lib.tables import TableRefused
from tests.documents.acts.conftest import Cells, client_file, table_file

SIDES = Sides(our_name="ООО «Опт-Портал»", our_inn="7701123451", their_name="ООО «Север»")
END = date(2026, 9, 30)
OURS = [
    Operation(1, date(2026, 7, 5), "УТ-900", Decimal(5_000)),
    Operation(2, date(2026, 7, 20), "221", Decimal(-12_000)),
]


def read(content: bytes) -> TheirAct:
    return client_act_read(content, sides=SIDES)


def verdicts(content: bytes) -> list[str]:
    found = compared(read(content), OURS, period_to=END, days=WorkDays()).found
    return [one.pair.verdict.value for one in found]


def payload(*, is_mirrored: bool = False) -> ActPayload:
    lines = tuple(
        ActLine(
            position=one.position,
            day=one.day or END,
            title=f"Операция ({one.number} от 05.07.2026)",
            debit=max(one.value, Decimal(0)),
            credit=max(-one.value, Decimal(0)),
            number=one.number,
        )
        for one in OURS
    )
    group = ActContract(
        contract=None,
        opening=Decimal(10_000),
        debit=Decimal(5_000),
        credit=Decimal(12_000),
        closing=Decimal(3_000),
        lines=lines,
    )
    party = {"kpp": "", "address": ""}
    return ActPayload(
        number="7",
        day=END,
        form="act",
        period_from=date(2026, 7, 1),
        period_to=END,
        seller=Party(name="ООО «Опт-Портал»", inn="7701123451", **party),
        buyer=Party(name="ООО «Север»", inn="7801000001", **party),
        groups=(group,),
        is_mirrored=is_mirrored,
    )


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_our_own_act_sent_back_matches(is_mirrored: bool) -> None:
    content = act_workbook(payload(is_mirrored=is_mirrored))

    act = compared(read(content), OURS, period_to=END, days=WorkDays()).act

    assert verdicts(content) == ["matched", "matched"]
    assert (act.opening, act.closing) == (10_000, 3_000)


def test_act_of_the_client_is_read_with_its_sides_changed() -> None:
    act = read(
        client_file(
            (date(2026, 7, 5), "Поступление (УТ-900 от 05.07.2026)", None, 5_000),
            (date(2026, 7, 20), "Оплата (221 от 20.07.2026)", 12_000, None),
        )
    )

    assert act.is_mirrored is True
    assert (act.opening, act.closing) == (-10_000, -3_000)
    ours = act.in_our_words(is_mirrored=True)
    assert [(line.day, line.number, line.debit, line.credit) for line in ours.lines] == [
        (date(2026, 7, 5), "УТ-900", 5_000, 0),
        (date(2026, 7, 20), "221", 0, 12_000),
    ]
    assert (ours.opening, ours.closing) == (10_000, 3_000)


def test_filled_half_of_the_client_in_our_act_is_taken() -> None:
    rows: Cells = [
        ["По данным ООО «Опт-Портал», руб.", None, None, None, 'По данным ООО "Север", руб.'],
        ["Дата", "Документ", "Дебет", "Кредит"] * 2,
        ["Сальдо начальное", None, 10_000, None, "Сальдо начальное", None, None, 10_000],
        ["05.07.26", "Продажа", 5_000, None, "05.07.26", "Приход (УТ-900 от 05.07.26)", None, 4_000],
    ]

    act = read(table_file(rows))

    assert (act.is_mirrored, act.opening) == (True, -10_000)
    assert [(line.day, line.debit, line.credit) for line in act.lines] == [(date(2026, 7, 5), 0, 4_000)]


@pytest.mark.parametrize("is_ours", [False, True])
def test_nameless_table_is_turned_as_it_fits(is_ours: bool) -> None:
    sides = [[5_000, None], [None, 12_000]] if is_ours else [[None, 5_000], [12_000, None]]
    rows: Cells = [
        ["№", "Дата", "Содержание операции", "Дт", "Кт"],
        [1, date(2026, 7, 5), "УТ-900 от 05.07.2026", *sides[0]],
        [2, date(2026, 7, 20), "221 от 20.07.2026", *sides[1]],
    ]

    assert verdicts(table_file(rows)) == ["matched", "matched"]


def test_csv_with_russian_sums_is_read() -> None:
    text = (
        "По данным ООО Север\nДата;Документ;Дебет;Кредит\nСальдо на 01.07.2026;;;10 000,00\n"
        "05.07.2026;Приход № УТ-900 от 05.07.2026;;5 000,00\n"
        "20.07.2026;Платёж 221 от 20.07.2026;12\u00a0000,00;\n"
        "Обороты за период;;12 000,00;5 000,00\nСальдо на 30.09.2026;;;3 000,00\n"
    )

    act = read(text.encode("cp1251"))

    assert [(line.number, line.debit, line.credit) for line in act.lines] == [
        ("УТ-900", 0, 5_000),
        ("221", 12_000, 0),
    ]
    assert (act.opening, act.closing) == (-10_000, -3_000)


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Продажа (УТ-1042 от 20.11.2026)", "УТ-1042"),
        ("Поступление товаров 0000-000017 от 20.11.2026 12:00:00", "0000-000017"),
        ("Оплата № 315 от 18.11.26", "315"),
        ("Взаимозачет", ""),
    ],
)
def test_number_stands_in_the_title(title: str, number: str) -> None:
    assert document_number(title) == number


def xml(sender: str = "7801000001", extra: str = "") -> bytes:
    text = f"""<?xml version="1.0" encoding="windows-1251"?>{extra}
<Файл ИдФайл="ON_AKTSVEROTP_1" ВерсФорм="5.01" ВерсПрог="1"><Документ КНД="1110332" НомерАкт="5">
<СвДокКрАкт КодОКВ="643"><СвОтпр><ИдСв><СвЮЛУч НаимОрг="ООО" ИННЮЛ="{sender}"/></ИдСв></СвОтпр></СвДокКрАкт>
<ТаблАкт СальдоНачДеб="0.00" СальдоНачКр="10000.00" СальдоКонДеб="0" СальдоКонКр="3000.00">
<ДогСв><ДокСв НаимДок="Приход" НомДок="УТ-900" ДатаДок="05.07.2026">
<СвОпер НомСтр="1" ДатаОпер="05.07.2026" НаимОпер="Приход" СумКредит="5000.00"/></ДокСв>
<ДокСв НаимДок="Платёж" НомДок="221" ДатаДок="20.07.2026">
<СвОпер НомСтр="2" ДатаОпер="20.07.2026" НаимОпер="Платёж" СумДебет="12000.00"/></ДокСв></ДогСв>
</ТаблАкт></Документ></Файл>"""
    return text.encode("cp1251")


def test_xml_act_is_read() -> None:
    act = read(xml())

    assert verdicts(xml()) == ["matched", "matched"]
    assert (act.is_mirrored, act.opening, act.closing) == (True, -10_000, -3_000)
    assert read(xml(sender="7701123451")).is_mirrored is False


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
        packed.writestr("xl/workbook.xml", "0" * 60_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Файл пустой"),
        (b"%PDF-1.7 not a table", "Это не таблица"),
        (b"x" * 10_000_001, "больше 10 МБ"),
        (table_file([["Дата", "Документ"], ["05.07.2026", "Приход"]]), "Не нашли столбцы"),
        (table_file([["Дата", "Документ", "Дебет", "Кредит"]]), "ни строк, ни сальдо"),
        (
            table_file([["Дата", "Документ", "Дебет", "Кредит"], ["05.07.2026", "Приход", "'=1+1", "?"]]),
            "В строке 2 сумма не читается",
        ),
        (xml(extra='<!DOCTYPE a [<!ENTITY b "c">]>'), "DTD или сущности"),
        (b'<?xml version="1.0"?><a>' + b"<b>" * 5_000 + b"</a>", "Файл испорчен"),
        (b'<?xml version="1.0"?><other/>', "не акт сверки"),
        (xml().replace(b"5000.00", b"NaN"), "не читается сумма"),
    ],
    ids=["empty", "pdf", "big", "no columns", "no rows", "no sum", "entities", "deep", "other xml", "nan"],
)
def test_bad_file_is_refused_with_words(content: bytes, words: str) -> None:
    with pytest.raises(TableRefused, match=words):
        read(content)


def test_balances_that_no_column_holds_are_refused() -> None:
    rows: Cells = [["Дата", "Документ", "Дебет", "Кредит"]]
    rows += [["Сальдо начальное", None, 9_000_000_000_000, None]] * 1_500

    with pytest.raises(TableRefused, match="слишком большое"):
        read(table_file(rows))


def test_archive_bomb_and_endless_sheet_are_refused() -> None:
    with pytest.raises(TableRefused, match=r"слишком большой|повреждён"):
        read(bomb())
    rows: Cells = [["Дата", "Документ", "Дебет", "Кредит"], *([["05.07.2026", "Приход", 1, None]] * 100_000)]
    with pytest.raises(TableRefused, match=r"больше 10 000 строк|слишком"):
        read(table_file(rows))


def test_formula_is_taken_by_its_kept_value_and_never_computed() -> None:
    rows: Cells = [
        ["Дата", "Документ", "Дебет", "Кредит"],
        [date(2026, 7, 5), "Приход (УТ-900 от 05.07.2026)", '=HYPERLINK("http://127.0.0.1/")', 5_000],
        [date(2026, 7, 6), "Приход (УТ-901 от 06.07.2026)", "=1+1", 7],
    ]

    act = read(table_file(rows))

    assert [line.credit for line in act.lines] == [5_000, 7]
