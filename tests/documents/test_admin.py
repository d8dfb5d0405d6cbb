import pytest
from django.test import Client
from django.urls import reverse

from documents.services import document_fetch, invoice_issue
from tests.documents.orders import make_order
from tests.factories import AT, World, actor_of


@pytest.fixture
def admin_pages(client: Client, world: World, quick_pdf: None) -> Client:
    document = invoice_issue(order_id=make_order(world).pk, at=AT)
    document_fetch(uid=document.uid, actor=actor_of(world.buyer), at=AT)
    client.force_login(world.administrator)
    return client


@pytest.mark.parametrize("model", ["document", "numbersequence", "documentdownload"])
def test_admin_lists_but_does_not_add(admin_pages: Client, model: str) -> None:
    listed = admin_pages.get(reverse(f"admin:documents_{model}_changelist"))
    adding = admin_pages.get(reverse(f"admin:documents_{model}_add"))

    assert (listed.status_code, adding.status_code) == (200, 403)
    assert listed.context["cl"].result_count == 1
