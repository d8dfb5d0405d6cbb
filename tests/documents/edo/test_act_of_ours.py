"""An акт сверки that the portal has made, as an exchange file."""

from datetime import date

from django.test import Client
from django.urls import reverse

from counterparties.models import LegalEntity, Organization, OrganizationSigner
from documents.models import Document
from documents.states import DocumentKind
from tests.documents.acts.conftest import make_act
from tests.factories import World


def test_act_is_downloaded_as_xml(client: Client, world: World) -> None:
    Organization.objects.update(ogrn="1027700132195")
    LegalEntity.objects.update(ogrn="1027800000140")
    OrganizationSigner.objects.create(
        organization=world.organization,
        role="head",
        position="Генеральный директор",
        surname="Иванов",
        name="Иван",
        valid_from=date(2026, 1, 1),
    )
    make_act(world)
    uid = Document.objects.get(kind=DocumentKind.ACT).uid
    client.force_login(world.head)

    response = client.get(reverse("documents:xml", args=[uid]))

    assert response.status_code == 200
    assert b'\xca\xcd\xc4="1110332"' in response.content  # КНД in windows-1251
    assert "ON_AKTSVEROTP_" in response["Content-Disposition"]


def test_act_that_lacks_something_says_what(client: Client, world: World) -> None:
    make_act(world)
    uid = Document.objects.get(kind=DocumentKind.ACT).uid
    client.force_login(world.manager)

    page = client.get(reverse("documents:edo_view", args=[uid])).content.decode()

    assert "ОГРН: не указано" in page
    assert client.get(reverse("documents:xml", args=[uid])).status_code == 302
