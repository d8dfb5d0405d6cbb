"""Files of one paper of 1C that come at the same moment."""

from datetime import UTC, datetime
from functools import partial

import pytest

from documents.models import ReceivedFile
from documents.services import FileContent, received_file_keep
from tests.documents.received_papers import make_received
from tests.factories import make_world
from tests.races.crowd import crowd

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 11, 27, 11, 5, tzinfo=UTC)


def test_every_file_is_a_version_of_its_own() -> None:
    document = make_received(make_world().entity, content=b"")
    files = [
        FileContent(content=f"%PDF-1.7 {number}".encode(), name="1.pdf", mime="application/pdf")
        for number in range(6)
    ]

    crowd([partial(received_file_keep, document_id=document.pk, content=file, at=AT) for file in files])

    kept = ReceivedFile.objects.order_by("version")
    assert list(kept.values_list("version", flat=True)) == [1, 2, 3, 4, 5, 6]
    document.refresh_from_db()
    assert document.file_id == kept.last().file_id  # type: ignore[union-attr]
