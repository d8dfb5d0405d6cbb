"""What clients change themselves: delivery addresses, and which bank account is the default."""

from dataclasses import dataclass

from django.db import transaction

from catalog.models import City
from counterparties.actor import Actor
from counterparties.models import DeliveryAddress, LegalEntity
from counterparties.services.accounts import account_default_set
from counterparties.services.changes import entity_locked


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where goods go, whom to call and when they are taken in."""

    city: City
    address: str
    contact_name: str
    contact_phone: str
    hours: str
    notes: str
    is_default: bool


@transaction.atomic
def address_save(
    *, actor: Actor, legal_entity_id: int, address_id: int | None, delivery: Delivery
) -> DeliveryAddress:
    """Add a delivery address, or change one that is in use. The first one is the default.

    An order keeps the words that it was sent with. Raises AccessDenied, LegalEntity.DoesNotExist,
    DeliveryAddress.DoesNotExist.
    """
    entity = entity_locked(actor, legal_entity_id)
    used = DeliveryAddress.objects.filter(legal_entity=entity, is_active=True)
    address = used.get(pk=address_id) if address_id is not None else DeliveryAddress(legal_entity=entity)
    address.city = delivery.city
    for name in ("address", "contact_name", "contact_phone", "hours", "notes"):
        setattr(address, name, getattr(delivery, name))
    others = used.exclude(pk=address.pk)
    address.is_default = delivery.is_default or not others.exists()
    if address.is_default:
        others.update(is_default=False)
    address.save()
    return address


@transaction.atomic
def address_remove(*, actor: Actor, legal_entity_id: int, address_id: int) -> None:
    """Use an address no more; it stays in the orders that went there. Idempotent.

    Raises AccessDenied, LegalEntity.DoesNotExist, DeliveryAddress.DoesNotExist.
    """
    entity = entity_locked(actor, legal_entity_id)
    address = DeliveryAddress.objects.get(pk=address_id, legal_entity=entity)
    address.is_active = address.is_default = False
    address.save(update_fields=["is_active", "is_default"])


@transaction.atomic
def account_default(*, actor: Actor, legal_entity_id: int, account_id: int) -> LegalEntity:
    """Choose the account that documents name first.

    Raises AccessDenied, LegalEntity.DoesNotExist, LegalEntityBankAccount.DoesNotExist.
    """
    entity = entity_locked(actor, legal_entity_id)
    account_default_set(entity.bank_accounts.get(pk=account_id))
    return entity
