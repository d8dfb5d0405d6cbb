"""Who is told of the money of legal entities."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from accounts.models import User
from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import LegalEntity
from counterparties.reach import reach
from counterparties.selectors.reaching import people_reaching
from finance.models import MoneyAlert


@dataclass(frozen=True, slots=True)
class AlertPerson:
    """A person who sees the money of a legal entity, and whether he is told of it."""

    pk: int
    name: str
    is_told: bool


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One legal entity: its people, and whether its address for documents is written to."""

    pk: int
    name: str
    email: str
    people: tuple[AlertPerson, ...]
    mails_documents_address: bool


@dataclass(frozen=True, slots=True)
class MoneyReaders:
    """For each legal entity whom to tell: people by user id, and the address for documents, if any."""

    people: dict[int, tuple[int, ...]]
    addresses: dict[int, str]


def money_readers(*, legal_entity_ids: Collection[int], on: date) -> MoneyReaders:
    """People who see the money and were not left out by their head; the heir's choice for a merged one.

    Four queries.
    """
    people = people_reaching(permission=Permission.FINANCE_VIEW, legal_entity_ids=legal_entity_ids, on=on)
    chosen: dict[int, set[int]] = {}
    addresses: dict[int, str] = {}
    alert, heirs = "money_alert", "merged_into__money_alert"
    rows = LegalEntity.objects.filter(pk__in=people).values_list(
        "pk", "merged_into_id",
        f"{alert}__people", f"{alert}__mails_documents_address", "email",
        f"{heirs}__people", f"{heirs}__mails_documents_address", "merged_into__email",
    )  # fmt: skip
    for pk, heir_id, person, is_mailed, email, heirs_person, heirs_mailed, heirs_email in rows:
        reader, mails, address = (
            (person, is_mailed, email) if heir_id is None else (heirs_person, heirs_mailed, heirs_email)
        )
        if reader is not None:
            chosen.setdefault(pk, set()).add(reader)
        if mails and address:
            addresses[pk] = address
    told = {pk: tuple(one for one in all_ if one in chosen.get(pk, set(all_))) for pk, all_ in people.items()}
    return MoneyReaders({pk: told[pk] or all_ for pk, all_ in people.items()}, addresses)


def may_choose_readers(actor: Actor) -> bool:
    """The head of a client, himself."""
    return (
        actor.is_client
        and actor.impersonator_id is None
        and not actor.is_read_only
        and actor.can(Permission.PEOPLE_MANAGE)
        and actor.can(Permission.FINANCE_VIEW)
    )


def alert_rows(*, actor: Actor, on: date) -> list[AlertRow]:
    """Legal entities whose people the actor manages, with those who see their money; six queries."""
    entities = list(
        LegalEntity.objects.filter(reach(actor, Permission.PEOPLE_MANAGE, entity=""))
        .filter(reach(actor, Permission.FINANCE_VIEW, entity=""), merged_into__isnull=True)
        .order_by("name", "pk")
    )
    ids = [entity.pk for entity in entities]
    reached = people_reaching(permission=Permission.FINANCE_VIEW, legal_entity_ids=ids, on=on)
    everybody = {user_id for people in reached.values() for user_id in people}
    names = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=everybody)}
    alerts = {
        alert.legal_entity_id: alert
        for alert in MoneyAlert.objects.filter(legal_entity__in=ids).prefetch_related("people")
    }
    rows = []
    for entity in entities:
        alert = alerts.get(entity.pk)
        told = {one.pk for one in alert.people.all()} if alert else set(reached[entity.pk])
        people = sorted(reached[entity.pk], key=lambda pk: (names[pk], pk))
        rows.append(
            AlertRow(
                pk=entity.pk,
                name=entity.name,
                email=entity.email,
                people=tuple(AlertPerson(pk, names[pk], pk in told) for pk in people),
                mails_documents_address=alert is not None and alert.mails_documents_address,
            )
        )
    return rows
