from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.purpose import payment_purpose, payment_purpose_of

DAY = date(2026, 11, 20)
CONTRACT = ("ДП-15/2026", date(2026, 1, 12))
VAT_22 = [(Decimal(22), Decimal("19149.94"))]
HEAD = "Оплата по счету № 1042 от 20.11.2026"
BY_CONTRACT = " по договору № ДП-15/2026 от 12.01.2026"
TAIL = ". В т.ч. НДС 22% - 19149.94 руб."


def test_purpose_names_everything_that_fits() -> None:
    purpose = payment_purpose(
        number="1042", day=DAY, contract=CONTRACT, goods="кабель и  метизы", vat_by_rate=VAT_22
    )

    assert purpose == f"{HEAD}{BY_CONTRACT} за кабель и метизы{TAIL}"


@pytest.mark.parametrize(
    ("vat_by_rate", "tail"),
    [
        (VAT_22, TAIL),
        (
            [(Decimal(22), Decimal("19149.94")), (Decimal(10), Decimal("32.73"))],
            ". В т.ч. НДС 22% - 19149.94, НДС 10% - 32.73 руб.",
        ),
        ([(None, Decimal(0))], ". НДС не облагается"),
        ([(Decimal(0), Decimal(0))], ". В т.ч. НДС 0% - 0.00 руб."),
        ([(Decimal(22), Decimal("1234567.5")), (None, Decimal(0))], ". В т.ч. НДС 22% - 1234567.50 руб."),
    ],
)
def test_purpose_ends_with_vat(vat_by_rate: list[tuple[Decimal | None, Decimal]], tail: str) -> None:
    assert payment_purpose(number="1042", day=DAY, vat_by_rate=vat_by_rate) == HEAD + tail


def test_purpose_cuts_goods_between_words() -> None:
    purpose = payment_purpose(
        number="1042", day=DAY, contract=CONTRACT, goods="кабель силовой " * 20, vat_by_rate=VAT_22
    )

    assert purpose == f"{HEAD}{BY_CONTRACT} за{' кабель силовой' * 6} кабель{TAIL}"
    assert len(purpose) <= 210


def test_purpose_leaves_contract_out_last() -> None:
    purpose = payment_purpose(
        number="1042", day=DAY, contract=("Д" * 150, DAY), goods="кабель", vat_by_rate=VAT_22
    )

    assert purpose == HEAD + TAIL


def test_purpose_refuses_when_even_number_and_vat_do_not_fit() -> None:
    with pytest.raises(ValueError, match="characters"):
        payment_purpose(number="1" * 200, day=DAY, vat_by_rate=VAT_22)


@given(contract=st.text(max_size=150), goods=st.text(max_size=300))
def test_purpose_always_keeps_number_date_vat_and_limit(contract: str, goods: str) -> None:
    purpose = payment_purpose(
        number="1042", day=DAY, contract=(contract, DAY), goods=goods, vat_by_rate=VAT_22
    )

    assert len(purpose) <= 210
    assert purpose.startswith(HEAD)
    assert purpose.endswith(TAIL)


# --- several papers ------------------------------------------------------------------------------


def test_purpose_of_several_papers_names_them_all() -> None:
    purpose = payment_purpose_of(
        names=["счету № 7 от 20.11.2026", "документу УТ-2 от 02.11.2026"],
        contract=CONTRACT,
        vat_by_rate=None,
    )

    assert purpose == (
        "Оплата по счету № 7 от 20.11.2026, документу УТ-2 от 02.11.2026 по договору № ДП-15/2026 "
        "от 12.01.2026. В т.ч. НДС согласно документам"
    )


@pytest.mark.parametrize("papers", [4, 6, 30])
def test_purpose_of_many_papers_fits_and_keeps_vat(papers: int) -> None:
    names = [f"документу УТ-{number} от 02.11.2026" for number in range(1, papers + 1)]

    purpose = payment_purpose_of(names=names, contract=CONTRACT, vat_by_rate=[(Decimal(22), Decimal("1.00"))])

    assert len(purpose) <= 210
    assert purpose.startswith("Оплата по документу УТ-1 от 02.11.2026")
    assert purpose.endswith("В т.ч. НДС 22% - 1.00 руб.")


def test_purpose_without_papers_is_an_advance() -> None:
    purpose = payment_purpose_of(names=[], contract=CONTRACT, vat_by_rate=[(None, Decimal(0))])

    assert purpose == "Предоплата по договору № ДП-15/2026 от 12.01.2026. НДС не облагается"
