from datetime import date

import pytest

from documents.editions import EDITIONS
from documents.forms_in_force import NoFormInForce, form_in_force
from documents.models import FormVersion
from documents.states import DocumentKind

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2024, 10, 1), "upd-2024-10"),
        (date(2026, 3, 31), "upd-2024-10"),
        (date(2026, 4, 1), "upd-2026-04"),
        (date(2030, 1, 1), "upd-2026-04"),
    ],
)
def test_form_is_chosen_by_the_date_of_the_paper(day: date, code: str) -> None:
    assert form_in_force(DocumentKind.UPD, day).code == code


def test_form_before_the_first_edition_is_refused_by_name() -> None:
    with pytest.raises(NoFormInForce, match=r"«УПД» на 30\.09\.2024: первая действует с 01\.10\.2024"):
        form_in_force(DocumentKind.UPD, date(2024, 9, 30))


@pytest.mark.parametrize("kind", list(DocumentKind), ids=list(DocumentKind.values))
def test_every_kind_has_a_form_even_where_the_register_is_empty(kind: DocumentKind) -> None:
    FormVersion.objects.filter(kind=kind).delete()

    found = form_in_force(kind, date(2026, 11, 20))

    assert found.code in {edition.code for edition in EDITIONS if edition.kind == kind}


def test_register_beats_the_editions_that_the_portal_came_with() -> None:
    FormVersion.objects.filter(kind=DocumentKind.UPD).delete()
    FormVersion.objects.create(kind=DocumentKind.UPD, valid_from=date(2026, 7, 1), code="upd-2026-04")

    with pytest.raises(NoFormInForce):
        form_in_force(DocumentKind.UPD, date(2026, 5, 1))
    assert form_in_force(DocumentKind.UPD, date(2026, 7, 1)).code == "upd-2026-04"
