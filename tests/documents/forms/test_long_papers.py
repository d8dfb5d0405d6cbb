"""Papers of very many rows are laid out in pieces and read as if they had been laid out whole."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from weasyprint import Document

from documents import long_page as long_pages
from documents import long_pdf_process
from documents.layout.forms import paper_html
from documents.long_page import LongPage, long_page
from documents.long_pdf_kept import begun_rows
from documents.long_pdf_process import full_sheets, render_long
from documents.payloads.act import ActLine, ActPayload, turnover
from documents.payloads.invoice import InvoicePayload
from documents.payloads.parts import rate_totals, total_of
from documents.payloads.shipping import ShippingPayload
from documents.pdf import html_to_pdf
from documents.pdf_process import render
from documents.samples import sample_payload
from documents.states import DocumentKind
from tests.documents.forms.sheets import pages_of

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def in_pieces(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """Lay a page out in pieces of some ten rows."""
    monkeypatch.setattr(long_pages, "_PIECE", 4_000)

    def laid_out(html: str, earlier: bytes = b"") -> bytes:
        page = long_page(html)
        assert page is not None
        return render_long(page, earlier)

    return laid_out


@pytest.fixture
def sheets_laid_out(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many sheets with rows each layout had."""
    counted: list[int] = []
    real = long_pdf_process._laid_out

    def laid_out(html: str) -> Document:
        document = real(html)
        if 'id="row-' in html:
            counted.append(len(document.pages))
        return document

    monkeypatch.setattr(long_pdf_process, "_laid_out", laid_out)
    return counted


def act_of(count: int) -> ActPayload:
    """A mirrored act of so many operations."""
    payload = sample_payload(DocumentKind.ACT, "thirty")
    assert isinstance(payload, ActPayload)
    lines = tuple(
        ActLine(
            position=place,
            day=date(2026, 7, 1) + timedelta(days=place * 90 // count),
            title=f"Продажа (УТ-{place}) от 12.11.2026" if place % 3 else f"Оплата ({place})",
            debit=Decimal(10_000 + place) if place % 3 else Decimal(0),
            credit=Decimal(0) if place % 3 else Decimal(20_000 + place),
        )
        for place in range(1, count + 1)
    )
    debit, credit = turnover(lines)
    (group,) = payload.groups
    closing = group.opening + debit - credit
    return replace(
        payload, groups=(replace(group, lines=lines, debit=debit, credit=credit, closing=closing),)
    )


def test_long_page_tells_parts_by_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_pages, "_PIECE", 30)
    rows = tuple(f"<tr><td>{place}</td></tr>" for place in range(5))

    page = long_page(
        f"<body><!--sheet--><h1>Акт</h1><!--table--><table><!--row-->{'<!--row-->'.join(rows)}"
        "<!--rows-end--></table>"
    )

    assert page == LongPage("<body>", "<h1>Акт</h1>", "<table>", rows, "</table>")
    assert page.piece_end(0) == 2
    assert page.piece_end(0, pieces=2) == 4
    assert page.piece_end(4) == 5
    assert page.piece(0, 1) == '<body><h1>Акт</h1><table><tr><td id="row-0">0</td></tr>'
    assert page.piece(2, 3) == '<body><table style="margin-top: 0"><tr><td id="row-2">2</td></tr>'
    assert page.ending(4) == '<body><table style="margin-top: 0"><tr><td id="row-4">4</td></tr></table>'


@pytest.mark.parametrize("html", ["<p>Страница", "<body><!--sheet--><p>Без таблицы", ""])
def test_long_page_without_rows_is_none(html: str) -> None:
    assert long_page(html) is None


def test_short_papers_are_laid_out_at_once() -> None:
    assert long_page(paper_html(DocumentKind.ACT, sample_payload(DocumentKind.ACT, "many"))) is None


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([[0, 1], [2, 3], [4]], (2, 4)),
        ([[0, 1], [2, 3], [3, 4]], (1, 2)),
        ([[0, 1], [1], [1]], (0, 0)),
        ([[], [0, 1], [2]], (2, 2)),
        ([[], [0, 1]], (0, 0)),
        ([[0, 1, 2]], (0, 0)),
        ([[0], []], (0, 0)),
    ],
    ids=[
        "the last sheet is not full",
        "a row torn between sheets is not begun anew",
        "nothing but a torn row",
        "a head that takes a sheet",
        "a head and no more",
        "one sheet",
        "a sheet without a row",
    ],
)
def test_full_sheets(rows: list[list[int]], kept: tuple[int, int]) -> None:
    assert full_sheets(rows, 0) == kept


@pytest.mark.parametrize(
    ("rows", "begun"),
    [
        ([[5, 6], [7, 8]], [5, 7]),
        ([[5, 6], [6], [6, 7], [8]], [5, -1, -1, 8]),
        ([[5], []], [5, -1]),
        ([[], [5]], [5, 5]),
    ],
    ids=["full sheets", "a torn row", "signatures alone", "a head that takes a sheet"],
)
def test_begun_rows(rows: list[list[int]], begun: list[int]) -> None:
    assert begun_rows(rows, 5) == begun


@pytest.mark.parametrize(
    "kind",
    [
        DocumentKind.INVOICE,
        DocumentKind.UPD,
        DocumentKind.SHIPPING,
        pytest.param(DocumentKind.FACTURA, marks=pytest.mark.sweep),
        pytest.param(DocumentKind.CORRECTION, marks=pytest.mark.sweep),
    ],
)
def test_pieces_say_what_the_whole_says(kind: DocumentKind, in_pieces: Callable[..., bytes]) -> None:
    html = paper_html(kind, sample_payload(kind, "thirty"))

    pieces = in_pieces(html)

    pages = pages_of(pieces)
    assert len(pages) > 1
    assert pages == pages_of(render(html))


def test_pieces_of_an_act_keep_heads_totals_numbers_and_the_facts_of_the_file(
    in_pieces: Callable[..., bytes],
) -> None:
    html = paper_html(DocumentKind.ACT, act_of(160), watermark="ЧЕРНОВИК")

    content, at_once = in_pieces(html), render(html)

    pages = pages_of(content)
    document, whole = (PdfReader(io.BytesIO(file)) for file in (content, at_once))
    assert pages == pages_of(at_once)
    assert len(pages) >= 3
    heads = [page.count("Дата Документ Дебет Кредит Дата Документ Дебет Кредит") for page in pages]
    assert heads == [1] * len(pages)
    assert [f"Лист {place} из {len(pages)}" in page for place, page in enumerate(pages, start=1)] == [
        True
    ] * len(pages)
    assert ["ЧЕРНОВИК" in page for page in pages] == [True] * len(pages)
    assert document.metadata == whole.metadata
    assert document.root_object.get("/Lang") == whole.root_object.get("/Lang") == "ru"
    assert [item.title for item in document.outline] == ["АКТ СВЕРКИ"]  # type: ignore[union-attr]
    assert document.named_destinations == {}


def test_rows_taller_than_a_sheet_are_torn_in_pieces_too(in_pieces: Callable[..., bytes]) -> None:
    payload = sample_payload(DocumentKind.INVOICE, "thirty")
    assert isinstance(payload, InvoicePayload)
    lines = tuple(
        replace(line, name="слово " * 1_600) if place % 7 == 3 else line
        for place, line in enumerate(payload.lines)
    )
    html = paper_html(DocumentKind.INVOICE, replace(payload, lines=lines))

    assert pages_of(in_pieces(html)) == pages_of(render(html))


@pytest.mark.parametrize("number", ["2", "1000000/7"])
def test_another_number_lays_out_only_the_sheets_that_show_it(
    in_pieces: Callable[..., bytes], sheets_laid_out: list[int], number: str
) -> None:
    payload = act_of(160)
    first = in_pieces(paper_html(DocumentKind.ACT, replace(payload, number="777")))
    at_first = sheets_laid_out.copy()
    html = paper_html(DocumentKind.ACT, replace(payload, number=number))
    sheets_laid_out.clear()

    again = in_pieces(html, first)

    pages = pages_of(again)
    assert len(pages) >= 3
    assert pages == pages_of(render(html))
    assert sum(at_first) > len(pages)
    assert sheets_laid_out == [2, 1]  # the first one, with the next that tells where it ends, and the last
    document, whole = (PdfReader(io.BytesIO(file)) for file in (again, render(html)))
    assert document.metadata == whole.metadata
    assert [item.title for item in document.outline] == ["АКТ СВЕРКИ"]  # type: ignore[union-attr]
    assert document.named_destinations == {}


@pytest.mark.parametrize("kind", [DocumentKind.INVOICE, DocumentKind.SHIPPING])
def test_paper_under_another_number_says_what_the_whole_says(
    kind: DocumentKind, in_pieces: Callable[..., bytes]
) -> None:
    payload = sample_payload(kind, "thirty")
    told: dict[str, Any] = {}
    if isinstance(payload, InvoicePayload):  # its ending names the number too
        told = {"purpose": "Оплата по счету № 88"}
        lines = payload.lines * 3
        payload = replace(payload, lines=lines, total=total_of(lines), rates=rate_totals(lines))
    elif isinstance(payload, ShippingPayload):
        payload = replace(payload, lines=payload.lines * 3)
    earlier = paper_html(kind, replace(payload, number="77"))
    html = paper_html(kind, replace(payload, number="88", **told))

    again = in_pieces(html, in_pieces(earlier))

    assert pages_of(again) == pages_of(render(html))


def test_nothing_of_the_number_that_was_taken_is_left_in_the_file(in_pieces: Callable[..., bytes]) -> None:
    payload = act_of(160)
    texts = [paper_html(DocumentKind.ACT, replace(payload, number=number)) for number in ("12", "13", "14")]

    file = b""
    sizes = []
    for html in texts:
        file = in_pieces(html, file)
        sizes.append(len(file))

    assert max(sizes) < 1.05 * min(sizes)  # sheets of other numbers do not pile up
    assert pages_of(file) == pages_of(render(texts[-1]))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"number": "2 " + "очень длинный номер " * 400}, id="the head takes more room"),
        pytest.param({"is_mirrored": False}, id="other rows"),
    ],
)
def test_paper_that_is_no_longer_the_same_is_laid_out_whole(
    in_pieces: Callable[..., bytes], change: dict[str, Any]
) -> None:
    payload = act_of(100)
    html = paper_html(DocumentKind.ACT, replace(payload, **change))

    again = in_pieces(html, in_pieces(paper_html(DocumentKind.ACT, payload)))

    assert pages_of(again) == pages_of(render(html))


@pytest.mark.parametrize("earlier", ["short", "foreign"])
def test_file_that_tells_nothing_of_its_sheets_is_no_help(
    in_pieces: Callable[..., bytes], earlier: str
) -> None:
    payload = act_of(60)
    html = paper_html(DocumentKind.ACT, payload)

    again = in_pieces(html, render("<p>Другое" if earlier == "foreign" else html))

    assert pages_of(again) == pages_of(render(html))


def test_long_paper_is_laid_out_by_the_process_of_pieces() -> None:
    payload = act_of(1_300)
    html = paper_html(DocumentKind.ACT, replace(payload, number="2"))
    earlier = html_to_pdf(paper_html(DocumentKind.ACT, replace(payload, number="1")))

    document = html_to_pdf(html, earlier=earlier)

    pages = pages_of(document)
    assert "№ 2 от" in pages[0]
    assert long_page(html) is not None
    assert f"Лист {len(pages)} из {len(pages)}" in pages[-1]
    assert sum(page.count("Продажа") + page.count("Оплата") for page in pages) == 2_600


@pytest.mark.sweep
def test_act_of_3000_rows_is_laid_out_within_400_megabytes() -> None:
    html = paper_html(DocumentKind.ACT, act_of(3_000)).encode()
    process = subprocess.Popen(
        [sys.executable, "-m", "documents.long_pdf_process"],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(html)
    process.stdin.close()

    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)

    assert process.returncode == 0
    assert used.ru_maxrss < 400_000
