"""Pictures of an organization for its papers."""

from base64 import b64encode
from datetime import date

import structlog
from django.db.models import Q

from counterparties.models import Organization, OrganizationSigner
from counterparties.models.organizations import SignerRole
from documents.layout.images import LOGO_KINDS, FormImages, lawful_images
from documents.states import DocumentKind
from portal.files.models import StoredFile
from portal.files.serving import FileDamaged, open_file

_MIMES = frozenset({"image/png", "image/jpeg"})
_MOST_BYTES = 5_000_000

log = structlog.get_logger()


def form_images(kind: DocumentKind, *, organization_id: int, on: date) -> FormImages | None:
    """Logo, stamp and signatures of those who sign on the day, as far as the law lets them stand on a kind.

    A picture that is lost is left out: a paper is good without it. None for a kind that has no pictures;
    nothing is asked then. Raises Organization.DoesNotExist.
    """
    if kind not in LOGO_KINDS:
        return None
    organization = Organization.objects.select_related("logo", "stamp").get(pk=organization_id)
    signatures = _facsimiles(organization_id, on)
    return lawful_images(
        kind,
        FormImages(
            logo=_data_uri(organization.logo),
            stamp=_data_uri(organization.stamp),
            head=_data_uri(signatures.get(SignerRole.HEAD)),
            accountant=_data_uri(signatures.get(SignerRole.ACCOUNTANT)),
        ),
    )


def _facsimiles(organization_id: int, on: date) -> dict[str, StoredFile | None]:
    """By role, of the person who took the place last: his, or none if he gave none."""
    signers = (
        OrganizationSigner.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on),
            organization_id=organization_id,
            valid_from__lte=on,
        )
        .select_related("facsimile")
        .order_by("valid_from", "pk")
    )
    return {signer.role: signer.facsimile for signer in signers}


def _data_uri(stored: StoredFile | None) -> str:
    if stored is None or stored.mime not in _MIMES or stored.size > _MOST_BYTES:
        return ""
    try:
        with open_file(stored) as content:
            return f"data:{stored.mime};base64,{b64encode(content.read()).decode()}"
    except FileDamaged:
        log.error("form_picture_damaged", path=stored.path)
        return ""
