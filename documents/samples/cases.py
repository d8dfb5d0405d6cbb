"""In which cases a form looks different: what is in the paper, who sells, what is special about it."""

from dataclasses import dataclass

from documents.payloads.parts import Party, Signer
from documents.samples.firms import CONSIGNEE, ENTREPRENEUR, FIRM
from documents.states import DocumentKind

Row = tuple[str, str, str, str, str | None, str, str]  # article, name, price, quantity, rate, unit, its code
_THREE: tuple[Row, ...] = (
    ("VVG-3X2.5", "Кабель силовой ВВГнг(А)-LS 3х2,5", "98.37", "1000", "22", "м", "006"),
    ("D933-8-40", "Болт DIN 933 М8х40 оц.", "211.49", "37", "22", "кг", "166"),
    ("BOOK-1", "Справочник электрика", "120", "3", "10", "шт", "796"),
)
_LONG = "Кабель силовой не распространяющий горение, с пониженным дымо- и газовыделением, ГОСТ 31996-2012; "
_RATES: tuple[str | None, ...] = ("22", "10", "7", "5", "0", None)


def _rows(count: int) -> tuple[Row, ...]:
    return tuple(
        (f"ART-{place:04d}", f"Кабель-канал {place} мм, белый, с двойным замком", f"{place % 90 + 11}.37",
         f"{place % 7 + 1}", "22", "шт", "796")
        for place in range(1, count + 1)
    )  # fmt: skip


def _row(name: str, rate: str | None) -> Row:
    return ("ART-1", name, "1234.56", "7", rate, "шт", "796")


_MIXED = tuple(_row(f"Товар со ставкой {rate or 'без НДС'}", rate) for rate in _RATES)


@dataclass(frozen=True, slots=True)
class Sample:
    """A case: what is in the paper, who sells, and what is special about it."""

    code: str
    title: str
    rows: tuple[Row, ...] = _THREE
    seller: Party = FIRM
    consignee: Party | None = None
    is_heavy: bool = False
    trait: str = ""
    signers: tuple[Signer, Signer | None] | None = None


SAMPLES: tuple[Sample, ...] = (
    Sample("firm", "ООО"),
    Sample("entrepreneur", "ИП", seller=ENTREPRENEUR),
    Sample("one", "Одна строка", rows=_THREE[:1]),
    Sample("thirty", "30 строк", rows=_rows(30)),
    Sample("many", "500 строк", rows=_rows(500), is_heavy=True),
    Sample("rates", "Разные ставки НДС", rows=_MIXED),
    Sample("no-vat", "Без НДС", rows=(_row("Товар без НДС", None),), seller=ENTREPRENEUR),
    Sample("long", "Длинные наименования", rows=(_row((_LONG * 21)[:2000], "22"), *_THREE)),
    Sample("consignee", "Другой грузополучатель", consignee=CONSIGNEE),
    Sample("revision", "Исправление, скидка, взамен прежнего", trait="revision"),
    Sample("traced", "Импорт и прослеживаемость", trait="traced"),
    Sample("advance", "Аванс", rows=_THREE[:1], trait="advance"),
    Sample("edition-2024", "До 01.04.2026", trait="edition-2024"),
)
_ONLY: dict[str, frozenset[DocumentKind]] = {
    "traced": frozenset({DocumentKind.FACTURA, DocumentKind.UPD}),
    "advance": frozenset({DocumentKind.FACTURA}),
    "edition-2024": frozenset({DocumentKind.FACTURA, DocumentKind.UPD, DocumentKind.CORRECTION}),
    "consignee": frozenset(DocumentKind) - {DocumentKind.ACT, DocumentKind.CORRECTION, DocumentKind.PROXY},
}


def samples_of(kind: DocumentKind) -> list[Sample]:
    """Cases that a kind of paper knows."""
    return [sample for sample in SAMPLES if kind in _ONLY.get(sample.code, frozenset(DocumentKind))]
