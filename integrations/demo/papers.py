"""Papers of the invented company: signers, what the portal makes out, shipped orders, an addendum."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from counterparties.models import Contract, ContractKind, Organization, OrganizationSigner, SignerRole
from documents.models import ActSchedule, ContractVersion, NumberSeries, RequiredPaper
from documents.pdf import html_to_pdf
from documents.refusals import PaperNotPossible
from documents.services.contract_files import contract_file_add
from documents.services.contract_versions import (
    ContractFacts,
    VersionFacts,
    contract_draft,
    contract_version_send,
)
from documents.services.shipment_papers import shipment_papers_issue
from documents.states import ContractFileRole, DocumentKind, ReceivedKind, SeriesIssuer
from integrations.demo import fiction
from integrations.demo.buyers import Buyer, buyer_of, demo_actor
from integrations.demo.gathering import BUYER
from orders.erp import PaperFacts, PartFacts, RowFacts
from orders.models import Order, OrderPart
from orders.services.erp import part_erp_note
from orders.services.erp_papers import erp_paper_note
from orders.states import ErpDocumentKind
from portal.lib.dates import format_date, moscow_date

MANAGER: Final = "gordeeva@opora.example"
ISSUED: Final = (DocumentKind.UPD, DocumentKind.WAYBILL, DocumentKind.CORRECTION)
"""What the portal makes out for the first of the sellers; 1C numbers papers of the others."""

_SHIPPED_ORDERS, _PICKING = 3, timedelta(days=2)
_FIRST_NUMBER: Final = 121
_ADDENDUM: Final = "1"
_DEFERRAL_DAYS: Final = 45
_TEXT: Final = """
<html lang="ru"><head><style>body { font: 12pt/1.5 "PT Sans", "DejaVu Sans", sans-serif }</style></head><body>
<h2>Дополнительное соглашение № %(number)s от %(date)s</h2>
<p>к договору %(contract)s между %(seller)s (Поставщик) и %(buyer)s (Покупатель)</p>
<p>1. С %(from)s Покупатель оплачивает товар в течение %(days)s календарных дней с даты отгрузки.</p>
<p>2. Остальные условия договора остаются без изменений.</p>
<p>Поставщик _________________ &nbsp;&nbsp;&nbsp; Покупатель _________________</p>
</body></html>"""


def papers_fill() -> None:
    """Give signers, series, rules of completeness and shipments; nothing where a series was set before."""
    if NumberSeries.objects.exists():
        return
    now = timezone.now()
    buyer = buyer_of(BUYER, now)
    seller = buyer.contract.organization
    text = html_to_pdf(_TEXT % _words(buyer.contract, moscow_date(now)))
    with transaction.atomic():
        _signers()
        for kind in ISSUED:
            NumberSeries.objects.create(organization=seller, kind=kind, issuer=SeriesIssuer.PORTAL)
        RequiredPaper.objects.create(organization=seller, kind=ReceivedKind.UPD, needs_signed_copy=True)
        ActSchedule.objects.create(
            organization=seller,
            legal_entity=buyer.contract.legal_entity,
            made_by=User.objects.get(email=MANAGER),
        )
        _ship(buyer, now)
    if not ContractVersion.objects.exists():
        _addendum(buyer.contract, text, now)


def _signers() -> None:
    """The head and the accountant of each firm, since it began."""
    for data in fiction.ORGANIZATIONS:
        firm = Organization.objects.get(inn=data.requisites.inn, kpp=data.requisites.kpp)
        people = [(SignerRole.HEAD, data.head_position, data.head)]
        if data.accountant:
            people.append((SignerRole.ACCOUNTANT, "Главный бухгалтер", data.accountant))
        for role, position, full_name in people:
            surname, name, patronymic = full_name.split()
            OrganizationSigner.objects.create(
                organization=firm,
                role=role,
                position=position,
                surname=surname,
                name=name,
                patronymic=patronymic,
                valid_from=date(2020, 1, 1),
            )


def _ship(buyer: Buyer, now: datetime) -> None:
    """1C has shipped the newest orders of the past; their papers are numbered here, the oldest first.

    Jobs would do it side by side, and a series takes no paper that is older than its last one.
    """
    orders = Order.objects.filter(created_by_id=buyer.actor.user_id).order_by("-submitted_at")
    past = orders.filter(submitted_at__lt=now - _PICKING)[:_SHIPPED_ORDERS]
    parts = OrderPart.objects.filter(order__in=list(past)).select_related("order").order_by("ships_on", "pk")
    for number, part in enumerate(parts, start=_FIRST_NUMBER):
        facts = _facts(part, f"УТ-{number:05d}")
        paper, _outcome = erp_paper_note(document_id=None, part_id=part.pk, facts=facts, at=now)
        part_erp_note(part_id=part.pk, facts=_left(facts), at=now)
        with suppress(PaperNotPossible):  # of long ago: by hand only
            shipment_papers_issue(paper_id=paper.pk, at=now)


def _left(paper: PaperFacts) -> PartFacts:
    """The part left whole on the day of its paper."""
    return PartFacts(
        formed_at=None,
        number="",
        erp_date=None,
        state_text="",
        version="",
        total=None,
        vat=None,
        is_posted=True,
        is_cancelled=False,
        is_confirmed=True,
        is_paid=None,
        paid_on=None,
        is_shipped=True,
        shipped_on=paper.date,
        rows=None,
    )


def _facts(part: OrderPart, number: str) -> PaperFacts:
    rows = tuple(
        RowFacts(
            sku_id=line.sku_id,
            name=line.name,
            article=line.article,
            unit=line.unit_name,
            quantity=line.quantity,
            price=line.price,
            vat_percent=line.vat_percent,
            gross=line.gross,
        )
        for line in part.lines.order_by("position")
    )
    return PaperFacts(
        kind=ErpDocumentKind.SHIPMENT,
        formed_at=None,
        number=number,
        date=part.ships_on or moscow_date(part.order.submitted_at + _PICKING),
        total=part.total,
        is_deleted=False,
        rows=rows,
    )


def _words(contract: Contract, today: date) -> dict[str, str]:
    return {
        "number": _ADDENDUM,
        "date": format_date(today),
        "contract": str(contract),
        "seller": contract.organization.name,
        "buyer": contract.legal_entity.name,
        "from": format_date(_first_of_next_month(today)),
        "days": str(_DEFERRAL_DAYS),
    }


def _addendum(contract: Contract, text: bytes, now: datetime) -> None:
    """A longer deferral waits for the client's signature."""
    manager = demo_actor(MANAGER, now)
    today = moscow_date(now)
    version = contract_draft(
        actor=manager,
        facts=ContractFacts(
            organization_id=contract.organization_id,
            legal_entity_id=contract.legal_entity_id,
            kind=ContractKind.ADDENDUM,
            number=_ADDENDUM,
            date=today,
            parent_id=contract.pk,
            subject="Отсрочка платежа",
        ),
        version=VersionFacts(
            summary=f"Отсрочка {_DEFERRAL_DAYS} дней вместо {contract.deferral_days}",
            valid_from=_first_of_next_month(today),
            deferral_days=_DEFERRAL_DAYS,
        ),
        at=now,
    )
    contract_file_add(
        actor=manager,
        version_id=version.pk,
        role=ContractFileRole.DRAFT,
        name="Дополнительное соглашение.pdf",
        content=BytesIO(text),
        at=now,
    )
    contract_version_send(actor=manager, version_id=version.pk, at=now)


def _first_of_next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
