"""Choosing who is told of a legal entity's money, and writing to its address for documents."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeFacts
from accounts.permissions import Permission
from accounts.services.letters import letters_send
from counterparties.actor import AccessDenied, Actor
from counterparties.models import LegalEntity
from counterparties.reach import reach
from counterparties.selectors.reaching import people_reaching
from finance.models import MoneyAlert
from finance.selectors.alerts import may_choose_readers
from portal.lib.dates import moscow_date
from portal.lib.said import english_of
from portal.outbox import JobContext, enqueue, job


class AlertRefused(Exception):
    """Why the choice cannot be kept, in Russian."""


@dataclass(frozen=True, slots=True)
class MoneyCopy:
    """What is written to the address for documents of a legal entity; `address` is a path of the portal."""

    legal_entity_id: int
    kind: str
    title: str
    text: str
    address: str
    title_english: str = ""
    text_english: str = ""


@transaction.atomic
def alert_save(
    *,
    actor: Actor,
    legal_entity_id: int,
    user_ids: Collection[int],
    mails_documents_address: bool,
    at: datetime,
) -> MoneyAlert:
    """Choose who is told of the money of a legal entity. Idempotent.

    Raises AccessDenied, LegalEntity.DoesNotExist (not one of his), AlertRefused.
    """
    if not may_choose_readers(actor) or actor.user_id is None:
        raise AccessDenied(_("Кому сообщать о деньгах, выбирает руководитель"))
    own = LegalEntity.objects.filter(reach(actor, Permission.PEOPLE_MANAGE, entity=""))
    entity = (
        own.filter(reach(actor, Permission.FINANCE_VIEW, entity=""), merged_into__isnull=True)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=legal_entity_id)
    )
    reached = people_reaching(
        permission=Permission.FINANCE_VIEW, legal_entity_ids=[entity.pk], on=moscow_date(at)
    )[entity.pk]
    chosen = sorted(set(user_ids) & set(reached))
    if not chosen:
        raise AlertRefused(_("Выберите хотя бы одного человека: о деньгах должен знать кто-то."))
    if mails_documents_address and not entity.email:
        raise AlertRefused(_("У юрлица нет почты для документов: укажите её в реквизитах."))
    alert, _is_new = MoneyAlert.objects.update_or_create(
        legal_entity=entity,
        defaults={
            "mails_documents_address": mails_documents_address,
            "changed_by_id": actor.user_id,
            "changed_at": at,
        },
    )
    alert.people.set(chosen)
    return alert


def money_copies_send(
    *, copies: Iterable[tuple[int, NoticeFacts]], addresses: Collection[int], day: date
) -> None:
    """Order letters to the addresses for documents of legal entities that have one to be written to.

    Once for a legal entity, kind, thing and day: called before the notices are written, so that what broke
    in between is made good by the next time.
    """
    wanted = [(entity_id, facts) for entity_id, facts in copies if entity_id in addresses]
    if not wanted:
        return
    with transaction.atomic():
        for entity_id, facts in wanted:
            copy = MoneyCopy(
                entity_id,
                facts.kind.value,
                str(facts.title),
                str(facts.text),
                facts.address,
                english_of(facts.title),
                english_of(facts.text),
            )
            key = f"money:{entity_id}:{facts.kind.value}:{facts.reference}:{day}"
            enqueue(money_copy_mail, copy, key=key)


@job(queue="mail", atomic=False)
def money_copy_mail(copy: MoneyCopy, job: JobContext) -> None:
    """At least once: the key of the job stands in the letter."""
    money_copy_send(copy=copy, key=job.key)


def money_copy_send(*, copy: MoneyCopy, key: str) -> int:
    """Write to the address as it is now; nothing where it was taken away meanwhile. Returns the letters."""
    named = LegalEntity.objects.filter(pk=copy.legal_entity_id)
    heirs = [heir_id or pk for pk, heir_id in named.values_list("pk", "merged_into_id")]
    alert = (
        MoneyAlert.objects.select_related("legal_entity")
        .filter(legal_entity__in=heirs, mails_documents_address=True)
        .first()
    )
    if alert is None or not alert.legal_entity.email:
        return 0
    return letters_send(
        key=key,
        to=[alert.legal_entity.email],
        letter="notices",
        context={
            "notices": [
                {
                    "kind": copy.kind,
                    "title": copy.title,
                    "text": copy.text,
                    "title_english": copy.title_english or copy.title,
                    "text_english": copy.text_english or copy.text,
                    "address": settings.SITE_URL + copy.address if copy.address else "",
                }
            ],
            "settings_address": settings.SITE_URL + reverse("finance:alerts"),
        },
    )
