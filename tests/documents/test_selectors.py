from decimal import Decimal

import pytest
from pytest_django import DjangoAssertNumQueries

from documents.models import Document
from documents.selectors import DocumentRow, document_rows_for_order
from documents.services import invoice_issue
from documents.states import DocumentState
from tests.documents.orders import make_order
from tests.factories import AT, World, actor_of


@pytest.mark.parametrize("times", [1, 3])
def test_document_rows_take_three_queries(
    world: World, quick_pdf: None, django_assert_num_queries: DjangoAssertNumQueries, times: int
) -> None:
    order = make_order(world)
    for _ in range(times):
        Document.objects.update(state=DocumentState.CANCELLED)
        invoice_issue(order_id=order.pk, at=AT)
    actor = actor_of(world.buyer)

    with django_assert_num_queries(3):
        rows = document_rows_for_order(order_id=order.pk, actor=actor)

    assert [row.is_in_force for row in rows] == [True] + [False] * (times - 1)


def test_document_row_tells_title_and_sum(world: World, quick_pdf: None) -> None:
    order = make_order(world)
    document = invoice_issue(order_id=order.pk, at=AT)

    assert document_rows_for_order(order_id=order.pk, actor=actor_of(world.buyer)) == [
        DocumentRow(
            uid=document.uid,
            title="Счет на оплату № 1 от 23.11.2026",
            state="Действует",
            is_in_force=True,
            total=Decimal("106555.13"),
            pay_until=document.pay_until,
        )
    ]


def test_document_rows_are_empty_for_strangers_and_other_orders(world: World, quick_pdf: None) -> None:
    order, other = make_order(world), make_order(world)
    invoice_issue(order_id=order.pk, at=AT)

    assert document_rows_for_order(order_id=order.pk, actor=actor_of(world.other_buyer)) == []
    assert document_rows_for_order(order_id=other.pk, actor=actor_of(world.buyer)) == []
