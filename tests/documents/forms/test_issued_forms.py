"""Papers as they are issued from what the portal knows, laid out for real and read back."""

import pytest

from documents.models import Document
from documents.payloads.codec import from_json
from documents.payloads.transfer import TransferPayload
from documents.services.shipment_papers import shipment_paper_issue
from documents.states import DocumentKind
from portal.files.serving import open_file
from portal.lib.dates import format_date
from portal.lib.money import format_money
from tests.documents.forms.sheets import missing, pages_of
from tests.documents.shipments import make_shipment, portal_numbers
from tests.factories import AT, TODAY, World


def printed(document: Document) -> str:
    with open_file(document.file) as stored:
        return " ".join(pages_of(stored.read()))


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (DocumentKind.UPD, "Универсальный передаточный документ"),
        (DocumentKind.FACTURA, "СЧЕТ-ФАКТУРА №"),
        (DocumentKind.WAYBILL, "ТОВАРНАЯ НАКЛАДНАЯ"),
    ],
)
def test_a_paper_of_a_shipment_says_what_its_payload_says(
    world: World, kind: DocumentKind, title: str
) -> None:
    portal_numbers(world.organization, kind)
    paper = make_shipment(world)

    document = shipment_paper_issue(paper_id=paper.pk, kind=kind, day=TODAY, at=AT)

    payload = from_json(TransferPayload, document.payload)
    text = printed(document)
    sums = [
        value
        for amount in (payload.total, *(line.amount for line in payload.lines))
        for value in (amount.net, amount.vat, amount.gross)
    ]
    assert missing(
        text,
        title,
        document.number_print,
        payload.seller.name,
        payload.buyer.name,
        *(" ".join(format_money(value).split()) for value in sums),
    ) == []  # fmt: skip
    if kind != DocumentKind.FACTURA:  # the form of the law has no place for a contract
        assert f"{world.contract.number} от {format_date(world.contract.date)}" in text
    assert document.template_version == payload.form
