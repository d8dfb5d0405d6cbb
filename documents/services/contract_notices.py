"""Telling of contracts: the client's signers of what they have to do, managers of what waits for them."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import NoticeKind
from accounts.permissions import Permission
from accounts.services.notices import notice_send
from counterparties.models import Contract
from counterparties.selectors.reaching import people_reaching
from counterparties.selectors.serving import manager_ids_of
from documents.english import contract_said
from documents.models import ContractStep
from documents.states import VersionState
from portal.lib.dates import moscow_date
from portal.lib.said import Said, as_it_is, joined, said

_SCAN_CAME = (
    gettext_lazy("Договор {contract}: клиент прислал скан"),
    "Contract {contract}: the client has sent a scan",
)
_SIGNERS = {
    VersionState.SENT: (gettext_lazy("Договор {contract} на подпись"), "Contract {contract} to be signed"),
    VersionState.REJECTED: (
        gettext_lazy("Договор {contract}: скан возвращен"),
        "Contract {contract}: the scan is returned",
    ),
    VersionState.ACTIVE: (
        gettext_lazy("Договор {contract} подписан и действует"),
        "Contract {contract} is signed and in force",
    ),
    VersionState.WITHDRAWN: (
        gettext_lazy("Договор {contract}: версия отозвана"),
        "Contract {contract}: the version is withdrawn",
    ),
}


def contract_step_tell(*, step_id: int, at: datetime) -> int:
    """Tell of a move whom it concerns; return how many people. Once for a step and day."""
    steps = ContractStep.objects.select_related("version__contract__legal_entity")
    step = steps.get(pk=step_id)
    version = step.version
    contract, target = version.contract, VersionState(step.target)
    if target == VersionState.UPLOADED:
        people = managers_of_contract(contract)
        kind, title = NoticeKind.CONTRACT_WAITS, _SCAN_CAME
    elif target in _SIGNERS and version.sent_at is not None:
        people = signers_of(contract, at)
        kind, title = NoticeKind.CONTRACT, _SIGNERS[target]
    else:
        return 0
    return notice_send(
        user_ids=people,
        kind=kind,
        reference=f"contract_step:{step.pk}",
        day=moscow_date(step.at),
        title=said(*title, contract=contract_said(contract)),
        text=_text(step),
        address=reverse("documents:contract", args=[contract.pk]),
        at=at,
    )


def signers_of(contract: Contract, at: datetime) -> tuple[int, ...]:
    """People of the client who may sign for the legal entity today."""
    people = people_reaching(
        permission=Permission.DOCUMENT_SIGN, legal_entity_ids=[contract.legal_entity_id], on=moscow_date(at)
    )
    return people[contract.legal_entity_id]


def managers_of_contract(contract: Contract) -> tuple[int, ...]:
    """Who serves the client."""
    holding_id = contract.legal_entity.holding_id
    return manager_ids_of([holding_id]).get(holding_id, ())


def _text(step: ContractStep) -> Said:
    entity = step.version.contract.legal_entity.name
    if step.target == VersionState.SENT:
        what = said(
            _("Скачайте текст, подпишите и загрузите скан."), "Download the text, sign it and upload a scan."
        )
    elif step.target == VersionState.REJECTED:
        what = said(_("Причина: {reason}"), "Reason: {reason}", reason=step.comment)
    else:
        what = as_it_is(step.comment)
    told = joined([entity, what], ". ")
    return Said(f"{told.russian.rstrip('. ')}.", f"{told.english.rstrip('. ')}.")
