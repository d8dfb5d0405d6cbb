"""A claim from the receipt of a shipment to the credit note."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from documents.models import Document
from documents.states import DocumentKind
from finance.models import LedgerEntry
from orders.models import Claim
from tests.browser.conftest import NARROW, shot
from tests.browser.test_shipments import entered
from tests.documents.contracts.samples import picture
from tests.documents.shipments import portal_numbers
from tests.factories import TODAY, make_world
from tests.orders.test_shipment_requests import confirmed, line_of, ship

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.django_db(transaction=True)]


def test_claim_to_credit_note(
    open_page: Callable[..., Page], live_server: Any, worker: None, tmp_path: Path
) -> None:
    world = make_world()
    portal_numbers(world.organization, DocumentKind.CORRECTION, DocumentKind.UPD)
    line = line_of(confirmed(world))
    ship(line.part, "4", number="УТ-1", date=TODAY)
    photo = tmp_path / "бой.png"
    photo.write_bytes(picture())

    client = entered(open_page(narrow=True), world.head, live_server)
    shipped = Document.objects.filter(kind=DocumentKind.UPD)
    for _try in range(120):  # what is corrected in the end is the paper of the shipment
        if shipped.exists():
            break
        client.wait_for_timeout(500)
    assert shipped.get().total == 400
    client.goto(reverse("orders:detail", args=[line.part.order_id]))
    client.get_by_role("link", name="Принять отгрузку").click()
    client.get_by_label("Принято: Строка").fill("2")
    client.get_by_role("button", name="Записать приёмку").click()
    expect(client.get_by_label("В рекламацию: Строка")).to_have_value("2")
    client.get_by_label("Фото и документы").set_input_files(str(photo))
    shot(client, "narrow-claim-new")
    assert client.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    client.get_by_role("button", name="Отправить рекламацию").click()
    expect(client.get_by_text("отправлена")).to_be_visible()
    claim = Claim.objects.get()
    shot(client, "narrow-claim")
    assert client.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]

    staff = entered(open_page(), world.manager, live_server)
    staff.goto("/claims/")
    shot(staff, "claims")
    staff.get_by_role("link", name=claim.number).click()
    staff.get_by_role("button", name="Взять в работу").click()
    staff.get_by_label("Одобрить: Строка").fill("1")
    staff.get_by_label("Почему не всё: Строка").fill("Одна нашлась")
    shot(staff, "claim-answer")
    staff.get_by_role("button", name="Одобрить").click()
    expect(staff.get_by_text("Одобрена частично").first).to_be_visible()
    staff.once("dialog", lambda dialog: dialog.accept())
    staff.get_by_role("button", name="Оформить возврат").click()
    expect(staff.get_by_text("Сумма зачтена").first).to_be_visible()
    shot(staff, "claim-credited")

    client.goto(reverse("orders:claim", args=[claim.pk]))
    expect(client.get_by_text("100,00").first).to_be_visible()
    for _try in range(60):
        if LedgerEntry.objects.filter(kind="return", credit=100).exists():
            break
        client.wait_for_timeout(500)
    assert LedgerEntry.objects.get(kind="return").credit == 100
    client.goto(reverse("finance:ledger", args=[world.contract.pk]))
    shot(client, "narrow-ledger-claim")
    expect(client.get_by_text(claim.number).first).to_be_visible()
    correction = Document.objects.filter(kind=DocumentKind.CORRECTION)
    for _try in range(60):
        if correction.exists():
            break
        client.wait_for_timeout(500)
    assert correction.get().total == -100
