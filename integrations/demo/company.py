"""Puts the demonstration company, its clients and their people into the database; may run again."""

from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from guardian.shortcuts import assign_perm

from accounts.models import User
from accounts.permissions import Stage
from catalog.models import City
from counterparties.models import (
    Contract,
    DeliveryAddress,
    Holding,
    LegalEntity,
    LegalEntityBankAccount,
    Membership,
    Organization,
    OrganizationBankAccount,
)
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY, SERVE_HOLDING, ReadyRole
from counterparties.services.roles import ready_role
from counterparties.services.stages import stage_give
from integrations.demo import fiction
from integrations.demo.signin import NODE_CODE, NODE_PASSWORD, NODE_USERNAME, PASSWORD
from integrations.models import ExchangeNode


@transaction.atomic
def company_fill() -> ExchangeNode:
    """Create the sellers, cities, clients, people, contracts and the account of 1C.

    Idempotent: rows are found again by their natural keys, nothing of what people changed is undone.
    """
    organizations = {data.key: _organization(data) for data in fiction.ORGANIZATIONS}
    cities = {
        data.name: City.objects.get_or_create(name=data.name, defaults={"position": position})[0]
        for position, data in enumerate(fiction.CITIES)
    }
    staff = {data.email: _employee(data) for data in fiction.STAFF}
    entities: dict[str, LegalEntity] = {}
    holdings: dict[str, Holding] = {}
    for data in fiction.HOLDINGS:
        holdings[data.key] = _holding(data, cities, entities)
        assign_perm(SERVE_HOLDING, staff[data.manager], holdings[data.key])
    for person in fiction.PEOPLE:
        _person(person, holdings, entities)
    for contract in fiction.CONTRACTS:
        _contract(contract, organizations, entities)
    return _node(organizations.values())


def contract_of(data: fiction.ContractData) -> Contract:
    """The contract that was made of the data."""
    return Contract.objects.get(number=data.number, date=data.date)


def _organization(data: fiction.OrganizationData) -> Organization:
    organization, is_new = Organization.objects.get_or_create(
        inn=data.requisites.inn,
        kpp=data.requisites.kpp,
        defaults={
            "name": data.short_name,
            "full_name": data.full_name,
            "ogrn": data.requisites.ogrn,
            "address": data.address,
            "phone": data.phone,
            "email": data.email,
            "tax_regime": data.tax_regime,
            "head_position": data.head_position,
            "head_name": data.head,
            "accountant_name": data.accountant,
            "invoice_prefix": data.invoice_prefix,
            "confirms_orders_itself": True,
        },
    )
    if is_new:
        for position, account in enumerate(data.accounts):
            OrganizationBankAccount.objects.create(organization=organization, **_bank(account, position))
    return organization


def _bank(account: fiction.BankAccount, position: int) -> dict[str, Any]:
    return {
        "bank_name": account.bank.name,
        "bic": account.bank.bic,
        "correspondent_account": account.bank.correspondent,
        "account": account.number,
        "is_default": position == 0,
    }


def _user(email: str, full_name: str, position: str, phone: str, **fields: bool) -> User:
    user, is_new = User.objects.get_or_create(
        email=email,
        defaults={
            "full_name": full_name,
            "position": position,
            "phone": phone,
            "password": make_password(PASSWORD),
            **fields,
        },
    )
    if is_new:
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def _employee(data: fiction.StaffData) -> User:
    return _user(
        data.email,
        data.full_name,
        data.position,
        data.phone,
        is_staff=True,
        is_superuser=data.is_administrator,
    )


def _holding(data: fiction.HoldingData, cities: dict[str, City], entities: dict[str, LegalEntity]) -> Holding:
    holding, _ = Holding.objects.get_or_create(name=data.name, defaults={"home_city": cities[data.city]})
    for entity in data.entities:
        entities[entity.key] = _legal_entity(entity, holding, cities)
    if holding.main_entity_id is None:
        holding.main_entity = entities[data.entities[0].key]
        holding.save(update_fields=["main_entity"])
    return holding


def _legal_entity(data: fiction.LegalEntityData, holding: Holding, cities: dict[str, City]) -> LegalEntity:
    entity, is_new = LegalEntity.objects.get_or_create(
        inn=data.requisites.inn,
        kpp=data.requisites.kpp,
        holding=holding,
        defaults={
            "kind": data.kind,
            "name": data.name,
            "full_name": data.full_name,
            "ogrn": data.requisites.ogrn,
            "legal_address": data.address,
            "phone": data.phone,
            "email": data.email,
        },
    )
    if is_new:
        for position, account in enumerate(data.accounts):
            LegalEntityBankAccount.objects.create(legal_entity=entity, **_bank(account, position))
        for position, point in enumerate(data.delivery):
            DeliveryAddress.objects.create(
                legal_entity=entity,
                city=cities[point.city],
                address=point.address,
                contact_name=point.contact,
                contact_phone=point.phone,
                hours=point.hours,
                is_default=position == 0,
            )
    return entity


def _person(data: fiction.PersonData, holdings: dict[str, Holding], entities: dict[str, LegalEntity]) -> None:
    user = _user(data.email, data.full_name, data.position, data.phone)
    membership, is_new = Membership.objects.get_or_create(
        user=user,
        holding=holdings[data.holding],
        defaults={"role": ready_role(data.role), "is_whole_holding": not data.entities},
    )
    if is_new:
        stage_give(
            membership=membership,
            stage=Stage.DOCUMENTS if data.role == ReadyRole.BUYER else Stage(membership.role.first_stage),
            legal_entity_ids=[entities[key].pk for key in data.entities] or None,
            valid_until=None,
            decided_by_id=None,
            at=timezone.now(),
        )
    for key in data.entities:
        assign_perm(ACT_FOR_LEGAL_ENTITY, user, entities[key])


def _contract(
    data: fiction.ContractData,
    organizations: dict[str, Organization],
    entities: dict[str, LegalEntity],
) -> None:
    Contract.objects.get_or_create(
        organization=organizations[data.organization],
        legal_entity=entities[data.entity],
        number=data.number,
        date=data.date,
        defaults={"deferral_days": data.deferral_days, "is_default": data.is_default},
    )


def _node(organizations: Iterable[Organization]) -> ExchangeNode:
    node = ExchangeNode.objects.filter(code=NODE_CODE).first()
    if node is None:
        node = ExchangeNode(code=NODE_CODE, name="1С:Управление торговлей", username=NODE_USERNAME)
        node.set_password(NODE_PASSWORD)
        node.save()
        node.organizations.set(organizations)
    return node
