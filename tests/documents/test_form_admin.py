import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from counterparties.models import Organization, OrganizationSigner
from counterparties.models.organizations import SignerRole
from documents.layout.forms import paper_html
from documents.models import Document, FormVersion, NumberSequence
from documents.samples import sample_payload
from documents.selectors.form_images import form_images
from documents.states import DocumentKind
from portal.files.models import StoredFile
from portal.files.services import store
from tests.documents.forms.sheets import pages_of
from tests.factories import World

ON = date(2026, 11, 20)


def png(colour: str) -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (4, 4), colour).save(picture, "PNG")
    return picture.getvalue()


def kept(colour: str) -> StoredFile:
    return store(content=png(colour), name=f"{colour}.png", mime="image/png")


def signer(organization: Organization, role: SignerRole, since: date, colour: str) -> OrganizationSigner:
    return OrganizationSigner.objects.create(
        organization=organization,
        role=role,
        position="Директор",
        surname="Иванов",
        name="Иван",
        valid_from=since,
        facsimile=kept(colour),
    )


@pytest.fixture
def organization(world: World) -> Organization:
    organization = Organization.objects.order_by("pk")[0]
    organization.logo, organization.stamp = kept("red"), kept("blue")
    organization.save(update_fields=["logo", "stamp"])
    return organization


@pytest.fixture
def administrator(client: Client, world: World) -> Client:
    client.force_login(world.administrator)
    return client


def test_form_images_are_of_those_who_sign_on_the_day(organization: Organization) -> None:
    signer(organization, SignerRole.HEAD, ON - timedelta(days=9), "green")
    newer = signer(organization, SignerRole.HEAD, ON, "black")
    signer(organization, SignerRole.HEAD, ON + timedelta(days=1), "white")

    found = form_images(DocumentKind.INVOICE, organization_id=organization.pk, on=ON)
    act = form_images(DocumentKind.ACT, organization_id=organization.pk, on=ON)

    assert newer.facsimile is not None
    assert found is not None
    assert act is not None
    assert found.logo.startswith("data:image/png;base64,")
    assert len({found.logo, found.stamp, found.head}) == 3
    assert (found.accountant, act.stamp, act.head) == ("", "", "")
    page = paper_html(DocumentKind.INVOICE, sample_payload(DocumentKind.INVOICE, "one"), found)
    assert all(picture in page for picture in (found.logo, found.stamp, found.head))


@pytest.mark.parametrize("kind", [DocumentKind.UPD, DocumentKind.PROXY])
def test_form_images_of_a_paper_without_pictures_ask_nothing(
    organization: Organization,
    kind: DocumentKind,
    django_assert_num_queries: pytest.FixtureRequest,
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert form_images(kind, organization_id=organization.pk, on=ON) is None


def test_a_lost_picture_does_not_stop_a_paper(organization: Organization) -> None:
    assert organization.stamp is not None
    organization.stamp = StoredFile.objects.create(
        sha256="0" * 64, size=10, mime="image/png", name="x", path="00/nowhere.png"
    )
    organization.save(update_fields=["stamp"])

    found = form_images(DocumentKind.SHIPPING, organization_id=organization.pk, on=ON)

    assert found is not None
    assert (found.stamp, bool(found.logo)) == ("", True)


def test_samples_are_shown_in_the_colours_of_an_organization(
    administrator: Client, organization: Organization
) -> None:
    signer(organization, SignerRole.HEAD, ON, "green")
    page = administrator.get(
        reverse("admin:documents_formversion_samples"), {"organization": organization.pk}
    )
    sample = {"kind": "invoice", "case": "one", "organization": organization.pk}
    html = administrator.get(reverse("admin:documents_formversion_paper"), {**sample, "as": "html"})
    pdf = administrator.get(reverse("admin:documents_formversion_paper"), sample)

    assert page.status_code == 200
    assert "kind=upd&amp;case=rates" in page.content.decode()
    assert "case=many" not in page.content.decode()
    text = html.content.decode()
    assert organization.name in text.replace("&quot;", '"')
    assert text.count("data:image/png;base64,") == 3
    assert "Иванов И." in text
    assert "Иванов И. И." not in text  # the one of the sample
    assert html["Content-Security-Policy"].endswith("sandbox")
    assert pdf["Content-Type"] == "application/pdf"
    assert "ОБРАЗЕЦ" in pages_of(pdf.content)[0]
    assert (Document.objects.count(), NumberSequence.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "query",
    [{}, {"kind": "upd"}, {"kind": "upd", "case": "many"}, {"kind": "act", "case": "traced"}, {"kind": "x"}],
)
def test_a_sample_that_is_not_there_is_not_found(administrator: Client, query: dict[str, str]) -> None:
    assert administrator.get(reverse("admin:documents_formversion_paper"), query).status_code == 404


def test_samples_are_for_staff_who_see_editions(client: Client, world: World) -> None:
    addresses = [reverse("admin:documents_formversion_samples"), reverse("admin:documents_formversion_paper")]

    client.force_login(world.buyer)
    as_buyer = [client.get(address).status_code for address in addresses]
    client.force_login(world.manager)
    as_manager = [client.get(address, {"kind": "upd", "case": "one"}).status_code for address in addresses]

    assert as_buyer == [302, 302]
    assert as_manager == [403, 403]


def test_an_edition_of_another_document_is_refused(administrator: Client) -> None:
    before = FormVersion.objects.count()

    answer = administrator.post(
        reverse("admin:documents_formversion_add"),
        {"kind": "upd", "valid_from": "01.01.2027", "code": "torg-12", "notice": ""},
    )

    assert answer.status_code == 200
    assert "Это редакция другого документа." in answer.content.decode()
    assert FormVersion.objects.count() == before


def test_pictures_of_an_organization_are_uploaded_and_taken_away(
    administrator: Client, organization: Organization
) -> None:
    address = reverse("admin:counterparties_organization_change", args=[organization.pk])
    page = administrator.get(address)
    form = page.context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value is not None and value is not False}
    management = {
        f"{one.formset.prefix}-{key}": value
        for one in page.context["inline_admin_formsets"]
        for key, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
    }
    logo = SimpleUploadedFile("../logo.png", png("yellow"), "text/html")
    script = SimpleUploadedFile("logo.png", b"<svg onload=alert(1)>", "image/png")

    refused = administrator.post(address, data | management | {"logo_file": script})
    organization.refresh_from_db()
    untouched = organization.logo
    changed = administrator.post(address, data | management | {"logo_file": logo, "stamp_removed": "on"})

    assert "Это не PNG и не JPEG." in refused.content.decode()
    assert untouched == kept("red")
    assert changed.status_code == 302
    organization.refresh_from_db()
    assert organization.logo == kept("yellow")
    assert organization.stamp is None


def test_an_edition_is_saved_with_its_own_line_at_the_top(administrator: Client) -> None:
    answer = administrator.post(
        reverse("admin:documents_formversion_add"),
        {"kind": "upd", "valid_from": "01.01.2027", "code": "upd-2026-04"},
    )

    assert answer.status_code == 302
    saved = FormVersion.objects.get(kind="upd", valid_from=date(2027, 1, 1))
    assert "№ 1137" in saved.notice
