"""The demonstration's morning."""

import pytest

from counterparties.models import ClientNote, SalesPlan
from integrations.demo.company import company_fill
from integrations.demo.morning import NOTE, PLAN, morning_fill

pytestmark = pytest.mark.django_db


def test_plan_and_note_come_once() -> None:
    company_fill()

    morning_fill()
    morning_fill()

    assert [plan.amount for plan in SalesPlan.objects.all()] == [PLAN]
    assert [note.text for note in ClientNote.objects.all()] == [NOTE]
