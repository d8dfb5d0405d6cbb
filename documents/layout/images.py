"""Pictures that a paper may carry, and on which papers the law lets them stand."""

from dataclasses import dataclass

from documents.states import DocumentKind

STAMPED_KINDS = frozenset({DocumentKind.INVOICE, DocumentKind.SHIPPING})
"""Papers on which a picture of a stamp or of a signature is lawful: no first document and no act."""
LOGO_KINDS = STAMPED_KINDS | {DocumentKind.ACT}
"""Forms of the law carry no logo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormImages:
    """`data:` addresses of pictures of an organization; an empty one is not there."""

    logo: str = ""
    stamp: str = ""
    head: str = ""
    accountant: str = ""


def lawful_images(kind: DocumentKind, images: FormImages | None) -> FormImages:
    """Leave of the pictures what may be printed on a paper of the kind."""
    if images is None:
        return FormImages()
    if kind in STAMPED_KINDS:
        return images
    return FormImages(logo=images.logo if kind in LOGO_KINDS else "")
