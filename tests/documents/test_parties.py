"""Sides and signers of papers as they are composed."""

from datetime import date

import pytest

from counterparties.models import Organization
from documents.compose.parties import Signers, seller_party
from documents.payloads.parts import PersonName, person_named

SOKOLOVA = PersonName(surname="Соколова", name="Анна", patronymic="Игоревна")


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("ИП Соколова Анна Игоревна", SOKOLOVA),
        ("Индивидуальный предприниматель Соколова Анна Игоревна", SOKOLOVA),
        ("Соколова Анна", PersonName(surname="Соколова", name="Анна")),
        ("Мамедов Али Гасан оглы", PersonName(surname="Мамедов", name="Али", patronymic="Гасан оглы")),
        ("ИП Соколова А. И.", None),
        ("Соколова", None),
        ("", None),
    ],
)
def test_person_is_named_by_the_whole_name_only(text: str, person: PersonName | None) -> None:
    assert person_named(text) == person


def test_entrepreneur_is_found_in_the_full_name() -> None:
    firm = Organization(
        name="ИП Соколова А. И.",
        full_name="Индивидуальный предприниматель Соколова Анна Игоревна",
        inn="500100732259",
    )

    assert seller_party(firm, None).person == SOKOLOVA


def test_head_of_a_whole_name_signs_with_initials_and_is_whole_in_xml() -> None:
    firm = Organization(
        head_position="Директор", head_name="Соколова Анна Игоревна", accountant_name="Лосева И."
    )
    signers = Signers(firm, [], date(2026, 11, 20))

    assert (signers.head.role, signers.head.name, signers.head.person) == (  # type: ignore[union-attr]
        "Директор",
        "Соколова А. И.",
        SOKOLOVA,
    )
    assert (signers.accountant.name, signers.accountant.person) == ("Лосева И.", None)  # type: ignore[union-attr]
