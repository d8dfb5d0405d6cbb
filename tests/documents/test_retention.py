"""Until when a paper is kept: by its kind, and never less than the law wants."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from documents.models import Document, RetentionTerm
from documents.selectors.retention import retention_until
from documents.services import invoice_issue
from documents.states import DocumentKind, ReceivedKind
from tests.documents.orders import make_order
from tests.documents.received_papers import make_received
from tests.factories import AT, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.mark.parametrize(
    ("day", "years", "last"),
    [
        (date(2026, 1, 1), 6, date(2032, 12, 31)),
        (date(2026, 12, 31), 5, date(2031, 12, 31)),
        (None, 6, None),
    ],
)
def test_retention_until_is_the_end_of_a_year(day: date | None, years: int, last: date | None) -> None:
    assert retention_until(day, years) == last


@pytest.mark.parametrize(("years", "last"), [(None, "31.12.2032"), (10, "31.12.2036")])
def test_page_of_a_paper_tells_until_when_it_is_kept(
    world: World, quick_pdf: None, years: int | None, last: str
) -> None:
    if years:
        RetentionTerm.objects.create(kind=DocumentKind.INVOICE, years=years)
    RetentionTerm.objects.create(kind=DocumentKind.WAYBILL, years=20)
    document = invoice_issue(order_id=make_order(world).pk, at=AT)
    received = make_received(world.entity, kind=ReceivedKind.INVOICE)
    client = Client()
    client.force_login(world.head)

    pages = [
        client.get(reverse(f"documents:{name}", args=[uid])).content.decode()
        for name, uid in (("detail", document.uid), ("received_detail", received.uid))
    ]

    assert [f"<dt>Хранится до</dt><dd>{last}</dd>" in page for page in pages] == [True, True]
    assert Document.objects.count() == 1


@pytest.mark.parametrize("years", [4, 101])
def test_less_than_the_law_wants_and_more_than_a_century_are_refused(years: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionTerm.objects.create(kind=DocumentKind.UPD, years=years)
    assert not RetentionTerm.objects.exists()
