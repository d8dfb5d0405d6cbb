"""Editions of printed forms that the portal can lay out: their wording and since when the law wants them.

Which one a paper is printed by is told by its date (documents.forms_in_force).
"""

from dataclasses import dataclass
from datetime import date

from documents.states import DocumentKind

_BEGINNING = date(2000, 1, 1)
_DECREE = "к постановлению Правительства Российской Федерации от 26 декабря 2011 г. № 1137"
_EDITED = "(в редакции постановления Правительства Российской Федерации от {})"
_IN_2024 = _EDITED.format("16 августа 2024 г. № 1096")
_IN_2026 = _EDITED.format("23 января 2026 г. № 26")
_SINCE_2024, _SINCE_2026 = date(2024, 10, 1), date(2026, 4, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One edition of a form: `notice` is printed at its top right.

    `tells_advances` is line 5б (ПП № 26 of 23.01.2026); `traces_kopecks` is column 14 «в рублях и копейках»
    instead of «в рублях».
    """

    code: str
    kind: DocumentKind
    valid_from: date
    notice: str = ""
    tells_advances: bool = False
    traces_kopecks: bool = False


def _of_decree(name: str, kind: DocumentKind, annex: str) -> tuple[Edition, Edition]:
    return (
        Edition(
            code=f"{name}-2024-10",
            kind=kind,
            valid_from=_SINCE_2024,
            notice=f"Приложение № {annex} {_DECREE} {_IN_2024}",
        ),
        Edition(
            code=f"{name}-2026-04",
            kind=kind,
            valid_from=_SINCE_2026,
            notice=f"Приложение № {annex} {_DECREE} {_IN_2026}",
            tells_advances=True,
            traces_kopecks=True,
        ),
    )


EDITIONS: tuple[Edition, ...] = (
    *_of_decree("factura", DocumentKind.FACTURA, "1"),
    *_of_decree("upd", DocumentKind.UPD, "1"),
    *_of_decree("correction", DocumentKind.CORRECTION, "2"),
    Edition(code="invoice-1", kind=DocumentKind.INVOICE, valid_from=_BEGINNING),
    Edition(
        code="torg-12",
        kind=DocumentKind.WAYBILL,
        valid_from=_BEGINNING,
        notice=(
            "Унифицированная форма № ТОРГ-12, утверждена постановлением Госкомстата России от 25.12.98 № 132"
        ),
    ),
    Edition(code="act-1", kind=DocumentKind.ACT, valid_from=_BEGINNING),
    Edition(code="shipping-1", kind=DocumentKind.SHIPPING, valid_from=_BEGINNING),
    Edition(code="m-2", kind=DocumentKind.PROXY, valid_from=_BEGINNING),
)

_BY_CODE = {edition.code: edition for edition in EDITIONS}


def edition_of(code: str) -> Edition:
    """The edition by its code. Raises ValueError for one that the portal cannot lay out."""
    edition = _BY_CODE.get(code)
    if edition is None:
        raise ValueError(f"No such edition of a form: {code}")
    return edition


def editions_of(kind: DocumentKind) -> list[Edition]:
    """Editions of a kind that the portal came with, the newest first."""
    return sorted(
        (edition for edition in EDITIONS if edition.kind == kind),
        key=lambda edition: edition.valid_from,
        reverse=True,
    )


def built_in(kind: DocumentKind, day: date) -> Edition:
    """The edition for a day if nobody had changed the register. Raises ValueError before the first."""
    for edition in editions_of(kind):
        if edition.valid_from <= day:
            return edition
    raise ValueError(f"No form of {kind} on {day}")
