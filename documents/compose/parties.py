"""Sides and signers of a paper as they are on its date."""

from collections.abc import Iterable
from datetime import date

from counterparties.models import (
    Contract,
    LegalEntity,
    LegalEntityBankAccount,
    Organization,
    OrganizationBankAccount,
    OrganizationSigner,
)
from counterparties.models.organizations import SignerRole
from documents.payloads.parts import Authority, BankDetails, PaperRef, Party, PersonName, Signer, person_named

_PERSON_INN_LENGTH = 12


def seller_party(organization: Organization, account: OrganizationBankAccount | None) -> Party:
    return Party(
        name=organization.name,
        full_name=organization.full_name,
        inn=organization.inn,
        kpp=organization.kpp,
        address=organization.address,
        phone=organization.phone,
        okpo=organization.okpo,
        ogrn=organization.ogrn,
        ogrn_date=organization.ogrn_date,
        person=_person(organization),
        bank=bank_of(account),
        edo_id=organization.edo_id,
    )


def client_party(
    entity: LegalEntity, account: LegalEntityBankAccount | None = None, *, address: str = ""
) -> Party:
    """A client's firm; `address` in place of its legal one is where it receives goods."""
    return Party(
        name=entity.name,
        full_name=entity.full_name,
        inn=entity.inn,
        kpp=entity.kpp,
        address=address or entity.legal_address,
        phone=entity.phone,
        okpo=entity.okpo,
        ogrn=entity.ogrn,
        person=_person(entity),
        bank=bank_of(account),
        edo_id=entity.edo_id,
    )


def bank_of(account: OrganizationBankAccount | LegalEntityBankAccount | None) -> BankDetails | None:
    return None if account is None else account_details(account)


def account_details(account: OrganizationBankAccount | LegalEntityBankAccount) -> BankDetails:
    return BankDetails(
        name=account.bank_name,
        bic=account.bic,
        correspondent_account=account.correspondent_account,
        account=account.account,
    )


def _person(firm: Organization | LegalEntity) -> PersonName | None:
    """Who an entrepreneur is; a firm is nobody."""
    if len(firm.inn) != _PERSON_INN_LENGTH:
        return None
    return person_named(firm.full_name) or person_named(firm.name)


def contract_ref(contract: Contract) -> PaperRef:
    return PaperRef(name=contract.get_kind_display(), number=contract.number, day=contract.date)


class Signers:
    """Who signs for an organization on a date: those named for it, else the head and the accountant."""

    def __init__(self, organization: Organization, rows: Iterable[OrganizationSigner], day: date) -> None:
        self._organization = organization
        self._by_role: dict[str, OrganizationSigner] = {}
        for row in sorted(rows, key=lambda one: one.valid_from):
            if row.valid_from <= day and (row.valid_until is None or day <= row.valid_until):
                self._by_role[row.role] = row

    @property
    def head(self) -> Signer | None:
        organization = self._organization
        return self._named(SignerRole.HEAD, organization.head_position, organization.head_name)

    @property
    def accountant(self) -> Signer | None:
        return self._named(SignerRole.ACCOUNTANT, "Главный бухгалтер", self._organization.accountant_name)

    @property
    def released_by(self) -> Signer | None:
        return self._named(SignerRole.RELEASE, "", "")

    @property
    def responsible(self) -> Signer | None:
        return self._named(SignerRole.RESPONSIBLE, "", "") or self.accountant or self.head

    def _named(self, role: str, position: str, name: str) -> Signer | None:
        row = self._by_role.get(role)
        if row is None:
            person = person_named(name)
            short = person.short if person else name
            return Signer(role=position, name=short, person=person) if name else None
        person = PersonName(surname=row.surname, name=row.name, patronymic=row.patronymic)
        return Signer(role=row.position, name=person.short, person=person, authority=_authority(row))


def _authority(row: OrganizationSigner) -> Authority | None:
    if not row.authority_number or row.authority_date is None:
        return None
    return Authority(
        number=row.authority_number,
        day=row.authority_date,
        until=row.authority_until,
        guid=str(row.authority_guid) if row.authority_guid else "",
        system=row.authority_system,
    )
