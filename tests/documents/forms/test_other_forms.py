import re
from dataclasses import replace
from decimal import Decimal

import pytest

from documents.layout.act import act_html, act_pdf
from documents.layout.correction import correction_html, correction_pdf
from documents.layout.invoice import invoice_html
from documents.layout.proxy import proxy_html, proxy_pdf, quantity_in_words
from documents.layout.shipping import shipping_pdf
from documents.layout.waybill import sheets_of, waybill_pdf
from documents.payloads.act import ActContract, ActPayload
from documents.payloads.correction import CorrectionPayload
from documents.payloads.invoice import InvoicePayload
from documents.payloads.shipping import ProxyPayload, ShippingPayload
from documents.payloads.transfer import TransferPayload
from documents.samples import sample_payload
from documents.states import DocumentKind
from portal.lib.money import format_money
from tests.documents.forms.sheets import is_landscape, missing, pages_of, words_of


def act(code: str = "firm") -> ActPayload:
    payload = sample_payload(DocumentKind.ACT, code)
    assert isinstance(payload, ActPayload)
    return payload


def balance(closing: str) -> ActPayload:
    """An act without operations."""
    amount = Decimal(closing)
    group = ActContract(
        contract=None, opening=amount, debit=Decimal(0), credit=Decimal(0), closing=amount, lines=()
    )
    return replace(act(), groups=(group,), reply_days=None)


def test_correction_prints_four_rows_a_line_and_totals() -> None:
    payload = sample_payload(DocumentKind.CORRECTION, "firm")
    assert isinstance(payload, CorrectionPayload)

    document = correction_pdf(payload)

    (text,) = pages_of(document)
    assert is_landscape(document)
    assert missing(
        text,
        "Универсальный корректировочный документ",
        "Корректировочный счет-фактура № УК-12 от 20 ноября 2026 г. (1)",
        "к счету-фактуре (счетам-фактурам) № УТ-1042 от 10 ноября 2026 г. (1б)",
        "Приложение № 2 к постановлению",
        "Показатели в связи с изменением стоимости отгруженных товаров (выполненных работ, оказанных услуг), "
        "переданных имущественных прав",
        "А (до изменения) 006 м 1 000 80,63 80 631,15 без акциза 22% 17 738,85 98 370,00",
        "Б (после изменения) 006 м 1 000 81,63 81 630,00 без акциза 22% 17 958,60 99 588,60",
        "В (увеличение) Х Х Х Х 998,85 – Х 219,75 1 218,60",
        "Г (уменьшение) Х Х Х Х 173,44 – Х 38,16 211,60",
        "Всего увеличение (сумма строк В) 998,85 Х Х 219,75 1 218,60",
        "Всего уменьшение (сумма строк Г) 173,44 Х Х 38,16 211,60",
        "Основание изменения стоимости Соглашение об изменении цены № 3 от 20.11.2026",
        "С изменением стоимости согласен",
    ) == []  # fmt: skip


def test_correction_of_a_correction_tells_its_revision() -> None:
    text = words_of(correction_html(sample_payload(DocumentKind.CORRECTION, "revision")))  # type: ignore[arg-type]

    assert "Исправление № 1 от 20 ноября 2026 г. (1а)" in text


def test_waybill_of_30_lines_sums_every_sheet_and_the_whole() -> None:
    payload = sample_payload(DocumentKind.WAYBILL, "thirty")
    assert isinstance(payload, TransferPayload)

    document = waybill_pdf(payload)

    pages = pages_of(document)
    whole = " ".join(pages)
    assert is_landscape(document)
    assert missing(
        whole,
        "Унифицированная форма № ТОРГ-12, утверждена постановлением Госкомстата России от 25.12.98 № 132",
        "Форма по ОКУД 0330212",
        "по ОКПО 12345678",
        "Вид деятельности по ОКДП",
        'Грузополучатель ООО "Дилер Север", ИНН 7805123456',
        "р/с 40702810917780112984, в банке ПАО СБЕРБАНК г. Москва, БИК 044525225",
        "Основание Договор поставки № ДП-15/2026 от 12.01.2026 номер ДП-15/2026",
        "ТОВАРНАЯ НАКЛАДНАЯ",
        "УТ-1042 20.11.2026",
        "наименование, характеристика, сорт, артикул товара",
        "Сумма без учета НДС, руб. коп.",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15",
        "Товарная накладная имеет приложение на",
        "и содержит Тридцать порядковых номеров записей",
        "(прописью) Масса груза (брутто)",
        "(прописью) Приложение (паспорта, сертификаты и т.п.) на",
        "(кем, кому)",
        "Всего отпущено на сумму:",
        "Отпуск груза разрешил Генеральный директор Иванов И. И.",
        "Груз получил грузополучатель",
        "«20» ноября 2026 года",
    ) == []  # fmt: skip
    sheets = [page for page in pages if "Масса брутто" in page]
    assert len(sheets) > 1
    totals = [re.findall(r"Итого Х .*? Х ([\d ]+,\d\d) Х", page) for page in sheets]
    assert [len(found) for found in totals] == [1] * len(sheets)
    nets = [Decimal(found[0].replace(" ", "").replace(",", ".")) for found in totals]
    assert sum(nets) == payload.total.net
    assert whole.count("Всего по накладной") == 1
    assert format_money(payload.total.gross).replace("\xa0", " ") in pages[-1]


@pytest.mark.parametrize(
    ("anchors", "sheets"),
    [
        ([["row-1", "row-2", "closing"]], [2]),
        ([["row-1", "row-2"], ["closing"]], [1, 1]),
        ([["row-1"], ["closing"]], [1]),
        ([["row-1", "row-2"], ["row-2"], ["row-2", "row-3", "closing"]], [2, 1]),
    ],
    ids=["one", "signatures take a line along", "one line", "a line torn between sheets"],
)
def test_sheets_of_a_waybill(anchors: list[list[str]], sheets: list[int]) -> None:
    assert sheets_of(anchors, sum(sheets)) == sheets


def test_act_prints_both_halves_balances_and_words() -> None:
    document = act_pdf(act())

    (text,) = pages_of(document)
    assert not is_landscape(document)
    assert missing(
        text,
        'АКТ СВЕРКИ взаимных расчетов за период: 01.07.2026 - 30.09.2026 между ООО "Опт-Портал" и '
        'ООО "Дилер Север" по договору № ДП-15/2026 от 12.01.2026',
        'Мы, нижеподписавшиеся, Генеральный директор ООО "Опт-Портал" Иванов И. И., с одной стороны, и',
        "составили настоящий акт сверки в том, что состояние взаимных расчетов по данным учета следующее:",
        'По данным ООО "Опт-Портал", руб. По данным ООО "Дилер Север", руб.',
        "Дата Документ Дебет Кредит Дата Документ Дебет Кредит",
        "Сальдо начальное 10 000,00 Сальдо начальное",
        "23.07.2026 Продажа (УТ-901) 983,70 15.08.2026",
        "Обороты за период 3 098,60 1 800,00 Обороты за период Сальдо конечное 11 298,60 Сальдо конечное",
        'По данным ООО "Опт-Портал" на 30.09.2026 задолженность в пользу ООО "Опт-Портал" 11 298,60 руб. '
        "(Одиннадцать тысяч двести девяносто восемь рублей 60 копеек)",
        "При неполучении возражений в течение 5 рабочих дней акт считается принятым.",
        'От ООО "Опт-Портал"',
        'От ООО "Дилер Север"',
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("closing", "phrase"),
    [
        ("0", 'По данным ООО "Опт-Портал" на 30.09.2026 задолженность отсутствует.'),
        ("-5.50", 'задолженность в пользу ООО "Дилер Север" 5,50 руб. (Пять рублей 50 копеек)'),
    ],
)
def test_act_concludes_whom_is_owed(closing: str, phrase: str) -> None:
    text = words_of(act_html(balance(closing)))

    assert phrase in text
    assert "по всем договорам" in text
    assert "считается принятым" not in text


def test_act_mirrored_by_contracts_has_a_grand_total() -> None:
    payload = act("rates")

    text = words_of(act_html(payload))

    assert text.count("Сальдо начальное") == 6
    assert missing(
        text,
        "по всем договорам",
        "Договор поставки № ДП-16/2026 от 01.02.2026",
        "Итого по всем договорам",
        "Сальдо начальное 20 000,00 Сальдо начальное 20 000,00",
    ) == []  # fmt: skip
    assert "Оплата (223) 18 518,40 " in text


def test_shipping_prints_what_is_asked_and_totals() -> None:
    payload = sample_payload(DocumentKind.SHIPPING, "firm")
    assert isinstance(payload, ShippingPayload)

    document = shipping_pdf(replace(payload, carrier=""))

    (text,) = pages_of(document)
    assert not is_landscape(document)
    assert missing(
        text,
        "ЗАЯВКА НА ОТГРУЗКУ № 45 от 20 ноября 2026 г.",
        "Заказы: № З-000317, № З-000321",
        "Желаемая дата и время: 23.11.2026, с 10:00 до 13:00",
        "Доверенность: № 9 от 20.11.2026, до 30.11.2026",
        "№ Артикул Наименование Ед. Заказано Отгружено ранее В резерве К отгрузке Масса, кг Объем, м³ Мест",
        "1 VVG-3X2.5 Кабель силовой ВВГнг(А)-LS 3х2,5 м 2 000 500 1 000 1 000 2 000 0,125 1",
        "Итого 1 040 2 080 0,375 3",
        "Всего наименований 3, на сумму 106 555,13 руб. с НДС.",
    ) == []  # fmt: skip
    assert "Перевозчик" not in text


def test_proxy_prints_quantities_in_words_and_a_stub() -> None:
    payload = sample_payload(DocumentKind.PROXY, "firm")
    assert isinstance(payload, ProxyPayload)

    (text,) = pages_of(proxy_pdf(payload))
    without = words_of(proxy_html(replace(payload, has_stub=False)))

    assert missing(
        text,
        "Линия отреза",
        "Типовая межотраслевая форма № М-2, утверждена постановлением Госкомстата России от 30.10.97 № 71а",
        "Форма по ОКУД 0315001",
        "ДОВЕРЕННОСТЬ № 9",
        "Дата выдачи «20» ноября 2026 г.",
        "Доверенность действительна по «30» ноября 2026 г.",
        "Счет № 40702810138250123017 в ПАО СБЕРБАНК",
        "Доверенность выдана Водителю Кузнецову Петру Ильичу",
        'На получение от ООО "Опт-Портал"',
        "материальных ценностей по Счет № 1042 от 20.11.2026",
        "Материальные ценности Единица измерения Количество (прописью)",
        "Кабель силовой ВВГнг(А)-LS 3х2,5 м Одна тысяча",
        "удостоверяем",
    ) == []  # fmt: skip
    assert missing(without, "форма № М-2а", "0315002") == []
    assert "Линия отреза" not in without


@pytest.mark.parametrize(
    ("quantity", "unit", "words"),
    [("2", "шт", "Две"), ("2", "м", "Два"), ("1000001", "т", "Один миллион одна"), ("0.125", "т", "0,125")],
)
def test_quantity_in_words_knows_the_gender_of_the_unit(quantity: str, unit: str, words: str) -> None:
    assert quantity_in_words(Decimal(quantity), unit) == words


def test_invoice_prints_third_sides_discount_and_what_it_replaces() -> None:
    elsewhere = sample_payload(DocumentKind.INVOICE, "consignee")
    revised = sample_payload(DocumentKind.INVOICE, "revision")
    assert isinstance(elsewhere, InvoicePayload)
    assert isinstance(revised, InvoicePayload)

    sides, changed = words_of(invoice_html(elsewhere)), words_of(invoice_html(revised))

    assert missing(sides, 'Грузоотправитель: ООО "Северный склад"', 'Грузополучатель: ООО "Северный') == []
    assert "Скидка" not in sides
    assert (
        missing(changed, "взамен счета № 1041 от 20.11.2026", "Цена Скидка Сумма", "98,37 10,00 98 360,00")
        == []
    )
