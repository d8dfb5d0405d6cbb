"""What must never be printed, and what a text of a client must never do."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from documents.layout.forms import paper_html, paper_pdf
from documents.layout.images import FormImages
from documents.payloads.shipping import ShippingPayload
from documents.samples import sample_payload
from documents.states import FIRST_DOCUMENTS, DocumentKind
from tests.documents.forms.sheets import pages_of

IMAGES = FormImages(
    logo="data:image/png;base64,TE9HTw==",
    stamp="data:image/png;base64,U1RBTVA=",
    head="data:image/png;base64,SEVBRA==",
    accountant="data:image/png;base64,QUNDVA==",
)
MARKS = ("TE9HTw==", "U1RBTVA=", "SEVBRA==", "QUNDVA==")


@pytest.mark.parametrize("kind", list(DocumentKind), ids=list(DocumentKind.values))
def test_pictures_stand_only_where_the_law_lets_them(kind: DocumentKind) -> None:
    page = paper_html(kind, sample_payload(kind, "firm"), IMAGES)

    printed = [mark for mark in MARKS if mark in page]
    expected = {
        DocumentKind.INVOICE: list(MARKS),
        DocumentKind.SHIPPING: list(MARKS[:2]),
        DocumentKind.ACT: list(MARKS[:1]),
    }
    assert printed == expected.get(kind, [])
    assert kind not in FIRST_DOCUMENTS or printed == []


class Listener:
    """Counts who knocks at a port of this machine."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.knocks = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            self.knocks += 1
            connection.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    opened = Listener()
    yield opened
    opened.close()


def test_a_comment_with_a_picture_reaches_no_network_and_is_printed_as_typed(
    listener: Listener,
) -> None:
    comment = f"<img src=http://127.0.0.1:{listener.port}/x.png> Позвонить"
    payload = sample_payload(DocumentKind.SHIPPING, "one")
    assert isinstance(payload, ShippingPayload)

    (text,) = pages_of(paper_pdf(DocumentKind.SHIPPING, replace(payload, remarks=comment)))

    assert comment in text
    assert listener.knocks == 0


def test_a_watermark_goes_across_every_sheet() -> None:
    document = paper_pdf(
        DocumentKind.SHIPPING, sample_payload(DocumentKind.SHIPPING, "long"), watermark="ЧЕРНОВИК"
    )

    assert [page.count("ЧЕРНОВИК") for page in pages_of(document)] == [1] * len(pages_of(document))


def test_a_payload_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="InvoicePayload is not what upd says"):
        paper_html(DocumentKind.UPD, sample_payload(DocumentKind.INVOICE, "one"))
