"""Papers that go with a letter: enclosed, or only named by links to the cabinet."""

from collections.abc import Collection

from counterparties.models import Organization
from documents.models import Document
from documents.services.issuing import paper_file_name
from portal.files.serving import open_file
from portal.lib.mail import Attachment

MOST_ENCLOSED = 5_000_000
"""Bytes of all papers of a letter; above it they are fetched by their links, which note who took them."""


def papers_enclosed(*, documents: Collection[Document], organization: Organization) -> list[Attachment]:
    """Files of papers for a letter; none where the organization sends links, or where they are too heavy.

    The letter names each paper by its link in any case. Raises FileDamaged.
    """
    if organization.mails_links or sum(one.file.size for one in documents) > MOST_ENCLOSED:
        return []
    return [_enclosed(one) for one in documents]


def _enclosed(document: Document) -> Attachment:
    with open_file(document.file) as stored:
        return Attachment(paper_file_name(document), stored.read(), document.file.mime)
