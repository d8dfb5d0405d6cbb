"""Gather what an акт сверки says: both firms and who signs as they are now, the books as they were read."""

from collections.abc import Iterable
from datetime import date

from counterparties.models import LegalEntity, Organization, OrganizationSigner
from documents.compose.parties import Signers, client_party, seller_party
from documents.payloads.act import ActContract, ActPayload
from documents.payloads.parts import Signer
from documents.refusals import PaperNotPossible

MOST_LINES = 5_000


class ActTooLong(PaperNotPossible):
    """More operations than one act holds."""


def act_payload(
    *,
    organization: Organization,
    entity: LegalEntity,
    signers: Iterable[OrganizationSigner],
    groups: tuple[ActContract, ...],
    period: tuple[date, date],
    currency: str,
    number: str,
    day: date,
    form: str,
) -> ActPayload:
    """Freeze an act. Raises ActTooLong with a Russian reason."""
    count = sum(len(group.lines) for group in groups)
    if count > MOST_LINES:
        raise ActTooLong(
            f"В периоде {count} операций, в один акт входит не больше {MOST_LINES}: разделите период."
        )
    return ActPayload(
        number=number,
        day=day,
        form=form,
        period_from=period[0],
        period_to=period[1],
        seller=seller_party(organization, None),
        buyer=client_party(entity),
        groups=groups,
        currency=currency,
        is_mirrored=organization.acts_are_mirrored,
        is_storno_red=organization.acts_storno_red,
        reply_days=organization.act_reply_days,
        seller_signer=Signers(organization, signers, day).head,
        buyer_signer=_their_signer(entity),
    )


def _their_signer(entity: LegalEntity) -> Signer | None:
    if not entity.head_name:
        return None
    return Signer(role=entity.head_position, name=entity.head_name)
