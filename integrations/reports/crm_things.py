"""Companies, people and orders as a CRM is told of them: a few queries however many there are."""

from collections.abc import Collection

from django.conf import settings
from django.db.models import Prefetch
from django.urls import reverse

from counterparties.models import LegalEntity, Membership
from counterparties.selectors.serving import manager_ids_of
from integrations.crm.things import Company, Contact, Deal, DealLine, Thing
from orders.models import Order, OrderLine
from portal.lib.money import q2

ENTITY, PERSON, ORDER = "entity:", "person:", "order:"
"""How references to companies, contacts and deals begin."""


def things_of(references: Collection[str]) -> dict[str, Thing]:
    """What the references name, as it is now; what is no more is left out."""
    found: dict[str, Thing] = {}
    found |= _companies(_numbers(references, ENTITY))
    found |= _contacts(_numbers(references, PERSON))
    found |= _deals(_numbers(references, ORDER))
    return found


def company_reference(legal_entity_id: int) -> str:
    return f"{ENTITY}{legal_entity_id}"


def contact_reference(membership_id: int) -> str:
    return f"{PERSON}{membership_id}"


def _numbers(references: Collection[str], mark: str) -> list[int]:
    return [int(one.removeprefix(mark)) for one in references if one.startswith(mark)]


def _companies(pks: list[int]) -> dict[str, Thing]:
    if not pks:
        return {}
    entities = list(LegalEntity.objects.filter(pk__in=pks).select_related("holding"))
    managers = manager_ids_of({entity.holding_id for entity in entities})
    return {
        company_reference(entity.pk): Company(
            reference=company_reference(entity.pk),
            origin=f"entity-{entity.pk}",
            name=entity.name,
            full_name=entity.full_name,
            inn=entity.inn,
            kpp=entity.kpp,
            ogrn=entity.ogrn,
            address=entity.legal_address,
            phone=entity.phone,
            email=entity.email,
            url=_url(reverse("admin:counterparties_legalentity_change", args=[entity.pk])),
            manager_id=next(iter(managers.get(entity.holding_id, ())), 0),
            group_id=entity.holding.group_id or 0,
        )
        for entity in entities
    }


def _contacts(pks: list[int]) -> dict[str, Thing]:
    if not pks:
        return {}
    people = Membership.objects.filter(pk__in=pks).select_related("user", "holding")
    return {
        contact_reference(person.pk): Contact(
            reference=contact_reference(person.pk),
            origin=f"person-{person.pk}",
            company=company_reference(person.holding.main_entity_id or 0),
            name=person.user.get_full_name() or person.user.email,
            email=person.user.email,
        )
        for person in people
    }


def _deals(pks: list[int]) -> dict[str, Thing]:
    if not pks:
        return {}
    lines = OrderLine.objects.filter(quantity__gt=0).order_by("position")
    orders = list(Order.objects.filter(pk__in=pks).prefetch_related(Prefetch("parts__lines", queryset=lines)))
    managers = manager_ids_of({order.holding_id for order in orders})
    people = {
        (person.holding_id, person.user_id): person.pk
        for person in Membership.objects.filter(
            holding__in={order.holding_id for order in orders},
            user__in={order.created_by_id for order in orders if order.created_by_id},
        )
    }
    return {
        order.reference: Deal(
            reference=order.reference,
            origin=f"order-{order.uid}",
            company=company_reference(order.legal_entity_id),
            contact=_author(order, people),
            number=order.label,
            title=f"Заказ {order.label}",
            state=order.state,
            state_name=str(order.get_state_display()),
            total=order.total,
            currency=order.currency,
            client_reference=order.client_reference,
            comment=order.comment,
            url=_url(reverse("orders:detail", args=[order.pk])),
            manager_id=next(iter(managers.get(order.holding_id, ())), 0),
            lines=tuple(_line(line) for part in order.parts.all() for line in part.lines.all()),
        )
        for order in orders
    }


def _author(order: Order, people: dict[tuple[int, int], int]) -> str:
    person = people.get((order.holding_id, order.created_by_id or 0))
    return contact_reference(person) if person else ""


def _line(line: OrderLine) -> DealLine:
    return DealLine(
        name=line.name,
        article=line.article,
        unit_code=line.unit_code,
        quantity=line.quantity,
        price=q2(line.gross / line.quantity),
        vat_percent=line.vat_percent,
    )


def _url(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
