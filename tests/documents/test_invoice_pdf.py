import io
from dataclasses import replace

import cv2
import numpy
import pypdfium2
import pytest
from pypdf import PdfReader

from documents.layout.invoice import invoice_html, invoice_pdf
from documents.payloads.parts import Signer
from documents.pdf import PdfFailed, html_to_pdf
from documents.pdf_process import DenyFetcher
from portal.lib import fence
from tests.documents.forms.sheets import pages_of
from tests.documents.samples import ENTREPRENEUR, SELLER, invoice, line


def decoded_qr(document: bytes) -> str:
    """Photograph the first page and read its code as a bank application would."""
    image = pypdfium2.PdfDocument(document)[0].render(scale=4).to_numpy()
    found, _corners, _straight = cv2.QRCodeDetector().detectAndDecode(numpy.ascontiguousarray(image))
    return found


def test_invoice_pdf_holds_every_label_and_total() -> None:
    (text,) = pages_of(invoice_pdf(invoice()))

    missing = [
        part
        for part in (
            "Внимание! Оплата данного счета означает согласие",
            "ПАО СБЕРБАНК г. Москва",
            "Банк получателя",
            "БИК 044525225",
            "30101810400000000225",
            "ИНН 7701123451 КПП 770101001",
            "40702810917780112984",
            "Получатель",
            "Оплата по QR",
            "Счет на оплату № 1042 от 20 ноября 2026 г.",
            'Поставщик: ООО "Опт-Портал", ИНН 7701123451, КПП 770101001, 125009, г. Москва',
            'Покупатель: ООО "Дилер Север", ИНН 7805123456, КПП 780501001, 198095',
            "Основание: Договор поставки № ДП-15/2026 от 12.01.2026",
            "№ Артикул Товары (работы, услуги) Кол-во Ед. Цена Сумма",
            "1 VVG-3X2.5 Кабель силовой ВВГнг(А)-LS 3х2,5 1 000 м 98,37 98 370,00",
            "2 D933-8-40 Болт DIN 933 М8х40 оц. 37 м 211,49 7 825,13",
            "Итого: 106 555,13",
            "В том числе НДС 22%: 19 149,94",
            "В том числе НДС 10%: 32,73",
            "Всего к оплате: 106 555,13",
            "Всего наименований 3, на сумму 106 555,13 руб.",
            "Сто шесть тысяч пятьсот пятьдесят пять рублей 13 копеек",
            "Оплатить не позднее 25.11.2026. Заказ № З-000317.",
            "Назначение платежа: Оплата по счету № 1042 от 20.11.2026 по договору № ДП-15/2026",
            "Руководитель Иванов И. И. Бухгалтер Петрова А. А.",
            "М.П.",
            "Лист 1 из 1",
        )
        if part not in text
    ]
    assert missing == []


def test_invoice_pdf_with_vat_on_top_adds_it_below() -> None:
    lines = (line("Болт", "33.33", "3", "22", inside=False), line("Книга", "3.33", "3", "10", inside=False))

    (text,) = pages_of(invoice_pdf(invoice(lines, inside=False)))

    assert "Итого: 109,98 НДС 22%: 22,00 НДС 10%: 1,00 Всего к оплате: 132,98" in text


def test_invoice_pdf_of_entrepreneur_has_no_kpp_and_no_vat() -> None:
    payload = invoice(
        (line("Болт", "33.33", "3", None),),
        seller=ENTREPRENEUR,
        signers=(Signer(role="Предприниматель", name="Соколова А. И."),),
    )

    (text,) = pages_of(invoice_pdf(payload))

    assert "Поставщик: ИП Соколова Анна Игоревна, ИНН 500100732259, 141070" in text
    assert "Без налога (НДС): – Всего к оплате: 99,99" in text
    assert "Предприниматель Соколова А. И." in text
    assert text.count("КПП") == 1  # the buyer's
    assert "Бухгалтер" not in text


def test_invoice_pdf_repeats_head_on_every_page_of_500_lines() -> None:
    lines = tuple(line(f"Кабель {place}", "98.37", "2", "22") for place in range(500))

    pages = pages_of(invoice_pdf(invoice(lines)))

    heads = [page.count("№ Артикул Товары") for page in pages]
    assert len(pages) > 5
    assert heads == [1] * len(pages)
    assert "Всего наименований 500, на сумму 98 370,00 руб." in pages[-1]
    assert f"Счет на оплату № 1042 от 20 ноября 2026 г. Лист 2 из {len(pages)}" in pages[1]


def test_invoice_pdf_prints_long_names_whole() -> None:
    word = "Длинноеназвание"
    lines = (line(word * 130, "1", "1", "22"), line("слово " * 330, "1", "1", "22"))

    text = "".join(pages_of(invoice_pdf(invoice(lines)))).replace(" ", "")

    assert text.count(word) + text.count("слово") >= 455  # a word torn by a page is not counted
    assert "Всегонаименований2" in text


def test_invoice_html_escapes_names() -> None:
    payload = invoice((line('<img src="http://example.com/x.png"> "А & Б"', "1", "1", "22"),))

    html = invoice_html(payload)

    assert "&lt;img src=&quot;http://example.com/x.png&quot;&gt; &quot;А &amp; Б&quot;" in html
    assert "http://" not in html.replace("&quot;http://example.com", "").replace("http%3A//www.w3.org", "")


def test_invoice_html_refuses_endless_invoices() -> None:
    lines = tuple(line("a", "1", "1", "22") for _ in range(5001))

    with pytest.raises(ValueError, match="5001 lines"):
        invoice_html(invoice(lines))


@pytest.mark.parametrize("name", [SELLER.name, "О" * 100], ids=["UTF-8", "windows-1251"])
def test_invoice_pdf_qr_reads_back(name: str) -> None:
    payload = invoice(seller=replace(SELLER, name=name))

    text = decoded_qr(invoice_pdf(payload))

    if payload.qr.startswith("ST00011"):  # OpenCV takes the bytes for latin-1
        text = text.encode("latin-1").decode("cp1251")
    assert text == payload.qr


def test_invoice_pdf_without_code_has_no_caption() -> None:
    (text,) = pages_of(invoice_pdf(replace(invoice(), qr="")))

    assert "Оплата по QR" not in text
    assert "Всего к оплате: 106 555,13" in text


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1/x.png", "https://example.com/x", "file:///etc/passwd", "ftp://example.com/x"],
)
def test_deny_fetcher_opens_data_only(address: str) -> None:
    with pytest.raises(ValueError, match="Only data:"):
        DenyFetcher().fetch(address)

    assert DenyFetcher().fetch("data:text/plain,ok").read() == b"ok"


def test_pdf_process_attaches_no_file_of_the_machine() -> None:
    html = '<link rel="attachment" href="file:///etc/passwd"><img src="file:///etc/passwd"><p>Страница'

    document = html_to_pdf(html)

    assert PdfReader(io.BytesIO(document)).attachments == {}
    assert pages_of(document) == ["Страница"]


def test_pdf_failure_tells_what_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fence.sys, "executable", "/bin/false")

    with pytest.raises(PdfFailed, match="Exit 1"):
        html_to_pdf("<p>Страница")
