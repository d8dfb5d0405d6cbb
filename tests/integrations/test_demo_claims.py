"""The demonstration's claims."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone

from catalog.models import City
from documents.models import Document
from documents.services import issuing
from documents.states import DocumentKind, DocumentState
from integrations.demo.buyers import buyer_of, order_past
from integrations.demo.claims import claims_fill
from integrations.demo.company import company_fill
from integrations.demo.gathering import BUYER
from integrations.demo.papers import papers_fill
from orders.models import Claim, ErpDocument, OrderPart
from portal.outbox.models import Job
from pricing.models import CityPriceType, PriceType
from tests.factories import make_price, make_sku, make_stock, make_warehouse
from tests.integrations.onec_talk import run_jobs

pytestmark = pytest.mark.django_db


def past_orders() -> None:
    """Two orders of the buyer that 1C has shipped since."""
    sku = make_sku("Кабель", price=None)
    kind = PriceType.objects.filter(is_open=True).first() or PriceType.objects.create(
        name="Опт", is_open=True
    )
    PriceType.objects.filter(pk=kind.pk).update(is_base=True)
    CityPriceType.objects.all().delete()
    for city in City.objects.all():
        make_stock(sku, make_warehouse(city, name=f"Склад {city.pk}"), 1000)
    make_price(sku, 5000, price_type=kind)
    now = timezone.now()
    for weeks in (3, 2):
        order_past(buyer_of(BUYER, now), {sku.pk: Decimal(5)}, at=now - timedelta(weeks=weeks))


def test_one_waits_and_one_is_credited_with_its_correction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "paper_pdf", lambda *_facts, earlier: b"%PDF-1.7")
    company_fill()
    past_orders()
    papers_fill()
    run_jobs()

    claims_fill()
    claims_fill()
    run_jobs()

    credited, waiting = Claim.objects.order_by("pk")
    assert (credited.state, credited.is_credited_here, waiting.state) == ("credited", True, "submitted")
    assert waiting.files.get().name == "трещина.jpg"
    papers = Document.objects.filter(kind=DocumentKind.UPD).order_by("pk")
    assert papers.count() == ErpDocument.objects.filter(kind="shipment").count()
    assert not OrderPart.objects.exclude(is_shipped=True, shipped_on=F("ships_on")).exists()
    assert not Job.objects.exclude(last_error="").exists()
    back = ErpDocument.objects.get(kind="return")
    correction = Document.objects.get(kind=DocumentKind.CORRECTION)
    assert (correction.reference, correction.state) == (f"return:{back.pk}", DocumentState.ISSUED)
