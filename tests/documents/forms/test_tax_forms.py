from dataclasses import replace

from documents.layout.factura import factura_html, factura_pdf
from documents.layout.upd import upd_html, upd_pdf
from documents.payloads.transfer import OperatorStamp, TransferPayload
from documents.samples import CONSIGNEE, sample_payload
from documents.states import DocumentKind
from portal.lib.money import format_money
from portal.lib.words import plural
from tests.documents.forms.sheets import is_landscape, missing, pages_of, words_of

GOODS_HEADS = (
    "№ п/п",
    "Наименование товара (описание выполненных работ, оказанных услуг), имущественного права",
    "Код вида товара",
    "Единица измерения",
    "условное обозначение (национальное)",
    "Количество (объем)",
    "Цена (тариф) за единицу измерения",
    "Стоимость товаров (работ, услуг), имущественных прав без налога - всего",
    "В том числе сумма акциза",
    "Налоговая ставка",
    "Сумма налога, предъявляемая покупателю",
    "Стоимость товаров (работ, услуг), имущественных прав с налогом - всего",
    "Страна происхождения товара",
    "цифровой код",
    "краткое наименование",
    "Регистрационный номер декларации на товары или регистрационный номер партии товара, подлежащего",
)


def transfer(kind: DocumentKind, code: str) -> TransferPayload:
    payload = sample_payload(kind, code)
    assert isinstance(payload, TransferPayload)
    return payload


def test_upd_of_a_firm_holds_every_label_and_total() -> None:
    document = upd_pdf(transfer(DocumentKind.UPD, "firm"))

    (text,) = pages_of(document)
    assert is_landscape(document)
    assert missing(
        text,
        "Универсальный передаточный документ",
        "Статус: 1",
        "1 – счет-фактура и передаточный документ (акт)",
        "2 – передаточный документ (акт)",
        "Счет-фактура № УТ-1042 от 20 ноября 2026 г. (1)",
        "Исправление № -- от -- (1а)",
        "Приложение № 1 к постановлению Правительства Российской Федерации от 26 декабря 2011 г. № 1137",
        "от 23 января 2026 г. № 26)",
        'Продавец: ООО "Опт-Портал" (2)',
        "ИНН/КПП продавца: 7701123451/770101001 (2б)",
        "Грузоотправитель и его адрес: он же (3)",
        'Грузополучатель и его адрес: ООО "Дилер Север", 198095',
        "К платежно-расчетному документу № 315 от 18.11.2026 (5)",
        "Документ об отгрузке: Универсальный передаточный документ, № УТ-1042 от 20.11.2026 (5а)",
        "К счету-фактуре (счетам-фактурам), выставленному (выставленным) при получении оплаты, частичной "
        "оплаты или иных платежей в счет предстоящих поставок товаров (выполнения работ, оказания услуг), "
        "передачи имущественных прав № А-77 от 18.11.2026, исправление № -- от -- (5б)",
        'Покупатель: ООО "Дилер Север" (6)',
        "ИНН/КПП покупателя: 7805123456/780501001 (6б)",
        "Валюта: наименование, код Российский рубль, 643 (7)",
        "Идентификатор государственного контракта, договора (соглашения) (при наличии):",
        *GOODS_HEADS,
        "А 1 1а 1б 2 2а 3 4 5 6 7 8 9 10 10а 11",
        "1 000 80,63 80 631,15 без акциза 22% 17 738,85 98 370,00",
        "Всего к оплате (9) 87 372,46 Х Х 19 182,67 106 555,13",
        "Документ составлен на 1 листе",
        "Руководитель организации или иное уполномоченное лицо",
        "Главный бухгалтер или иное уполномоченное лицо",
        "(основной государственный регистрационный номер индивидуального предпринимателя и дата присвоения "
        "такого номера)",
        "Основание передачи (сдачи) / получения (приемки) Договор поставки № ДП-15/2026 от 12.01.2026; "
        "заказ № З-000317 [8]",
        "Данные о транспортировке и грузе Самовывоз; масса нетто 120 кг [9]",
        "Товар (груз) передал / услуги, результаты работ, права сдал",
        "по доверенности № 17 от 15.01.2026",
        "Дата отгрузки, передачи (сдачи) «20» ноября 2026 года [11]",
        "Иные сведения об отгрузке, передаче",
        "Ответственный за правильность оформления факта хозяйственной жизни",
        "Наименование экономического субъекта – составителя документа (в т.ч. комиссионера / агента)",
        'ООО "Опт-Портал", ИНН/КПП 7701123451/770101001 [14]',
        "Товар (груз) получил / услуги, результаты работ, права принял",
        "Дата получения (приемки)",
        "Иные сведения о получении, приемке",
        'ООО "Дилер Север", ИНН/КПП 7805123456/780501001 [19]',
        "(может не заполняться при проставлении печати в М.П., может быть указан ИНН / КПП)",
        "Лист 1 из 1",
    ) == []  # fmt: skip
    assert text.count("М.П.") == 4  # two of them in the note
    assert "прослеживаемости, в количественной единице" not in text


def test_upd_of_500_lines_repeats_heads_and_totals_once() -> None:
    payload = transfer(DocumentKind.UPD, "many")

    pages = pages_of(upd_pdf(payload))

    heads = [page.count("Цена (тариф) за единицу измерения") for page in pages]
    assert len(pages) > 8
    assert set(heads[:-1]) == {1}  # signatures may stand on a sheet of their own
    running = [
        page.count("Универсальный передаточный документ № УТ-1042 от 20 ноября 2026 г., лист")
        for page in pages
    ]
    assert running == [0] + [1] * (len(pages) - 1)
    assert f"Лист 2 из {len(pages)}" in pages[1]
    whole = " ".join(pages)
    total = payload.total
    assert whole.count("Всего к оплате (9)") == 1
    assert f"{format_money(total.vat)} {format_money(total.gross)}".replace("\xa0", " ") in whole
    word = plural(len(pages), "листе", "листах", "листах")
    assert f"Документ составлен на {len(pages)} {word}" in whole


def test_factura_of_an_entrepreneur_without_vat() -> None:
    (text,) = pages_of(factura_pdf(transfer(DocumentKind.FACTURA, "no-vat")))

    assert missing(
        text,
        "СЧЕТ-ФАКТУРА № УТ-1042 от 20 ноября 2026 г. (1)",
        "ИСПРАВЛЕНИЕ № -- от -- (1а)",
        "Продавец: ИП Соколова Анна Игоревна (2)",
        "ИНН/КПП продавца: 500100732259 (2б)",
        "Документ об отгрузке: Товарная накладная, № УТ-1042 от 20.11.2026 (5а)",
        "К платежно-расчетному документу № -- от -- (5)",
        "без акциза без НДС без НДС 8 641,92",
        "Всего к оплате (9) 8 641,92 Х Х без НДС 8 641,92",
        "Индивидуальный предприниматель или иное уполномоченное лицо",
        "Соколова А. И. 315500100123456, 12.03.2015",
    ) == []  # fmt: skip
    assert "Иванов" not in text


def test_upd_without_vat_has_status_2() -> None:
    text = words_of(upd_html(transfer(DocumentKind.UPD, "no-vat")))

    assert "Статус: 2" in text


def test_factura_tells_rates_apart() -> None:
    text = words_of(factura_html(transfer(DocumentKind.FACTURA, "rates")))

    assert (
        missing(text, "22% 1 558,38", "10% 785,63", "7% 565,36", "5% 411,52", "0% 0,00", "без НДС без НДС")
        == []
    )


def test_factura_of_traceable_goods_has_columns_12_to_14_and_a_row_per_lot() -> None:
    text = words_of(factura_html(transfer(DocumentKind.FACTURA, "traced")))

    assert missing(
        text,
        "Количественная единица измерения товара, используемая в целях осуществления прослеживаемости",
        "Количество товара, подлежащего прослеживаемости, в количественной единице измерения товара, "
        "используемой в целях осуществления прослеживаемости",
        "Стоимость товара, подлежащего прослеживаемости, без налога на добавленную стоимость, "
        "в рублях и копейках",
        "156 КИТАЙ 10702020/151124/5071234/001 006 м 600 48 378,00",
        "10702020/151124/5071234/002 006 м 400 32 252,00",
        "156 КИТАЙ 10702020/151124/5071234 – – – –",
        "792 ТУРЦИЯ",
    ) == []  # fmt: skip
    assert text.count("98 370,00") == 1


def test_factura_of_february_2026_is_of_the_edition_before() -> None:
    payload = transfer(DocumentKind.FACTURA, "edition-2024")

    text = words_of(factura_html(payload))

    assert payload.form == "factura-2024-10"
    assert "от 16 августа 2024 г. № 1096)" in text
    assert "(5а)" in text
    assert "(5б)" not in text


def test_column_14_of_2024_is_in_roubles() -> None:
    traced = replace(transfer(DocumentKind.FACTURA, "traced"), form="factura-2024-10")

    text = words_of(factura_html(traced))

    assert "на добавленную стоимость, в рублях код" in text


def test_factura_of_an_advance_says_nothing_of_goods_and_has_a_calculated_rate() -> None:
    text = words_of(factura_html(transfer(DocumentKind.FACTURA, "advance")))

    assert missing(
        text,
        "Грузоотправитель и его адрес: -- (3)",
        "Грузополучатель и его адрес: -- (4)",
        "К платежно-расчетному документу № 315 от 18.11.2026 (5)",
        "Документ об отгрузке: -- (5а)",
        "– – – – – – – 22/122 17 738,85 98 370,00 – – –",
        "Всего к оплате (9) – Х Х 17 738,85 98 370,00",
    ) == []  # fmt: skip


def test_revision_and_consignee_are_told() -> None:
    revised = words_of(upd_html(transfer(DocumentKind.UPD, "revision")))
    elsewhere = words_of(upd_html(transfer(DocumentKind.UPD, "consignee")))

    assert "Исправление № 1 от 25 ноября 2026 г. (1а)" in revised
    assert f"Грузополучатель и его адрес: {CONSIGNEE.name}, {CONSIGNEE.address} (4)" in elsewhere


def test_operator_of_an_electronic_original_is_told_in_a_box() -> None:
    stamp = OperatorStamp(
        operator="Контур", message_id="7f3c", signatures=("Иванов И. И., 00AB, до 01.05.2027",)
    )

    text = words_of(upd_html(replace(transfer(DocumentKind.UPD, "firm"), stamp=stamp)))

    assert (
        "Документ подписан и передан через оператора ЭДО Контур, идентификатор 7f3c, подписи: "
        "Иванов И. И., 00AB, до 01.05.2027"
    ) in text
