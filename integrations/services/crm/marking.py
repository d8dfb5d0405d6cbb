"""Which cards of CRM systems have become old: marked in the transaction of an event's job."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from counterparties.models import LegalEntity, Membership
from integrations.models import CrmAccount, CrmLink, CrmThing, LinkState
from integrations.reports.crm_things import company_reference, contact_reference
from integrations.services.crm.writing import crm_write_ask
from orders.models import Order

# One statement however many cards: new ones wait, known ones wait again, those refused get another chance.
_MARK = """
INSERT INTO integrations_crmlink
       (account_id, kind, reference, external_id, state, wanted, written, written_sha256, is_doubtful,
        attempts, next_at, last_error, created_at)
SELECT account.id, told.kind, told.reference, '', 'waiting', 1, 0, '', false, 0, %(at)s, '', %(at)s
  FROM integrations_crmaccount account
 CROSS JOIN unnest(%(kinds)s::text[], %(references)s::text[]) AS told (kind, reference)
 WHERE account.is_active
 ORDER BY account.id, told.kind, told.reference
ON CONFLICT (account_id, kind, reference) DO UPDATE
   SET wanted = integrations_crmlink.wanted + 1, state = 'waiting',
       next_at = CASE WHEN integrations_crmlink.state = 'waiting'
                      THEN integrations_crmlink.next_at ELSE %(at)s END,
       attempts = CASE WHEN integrations_crmlink.state = 'waiting'
                       THEN integrations_crmlink.attempts ELSE 0 END
"""


@transaction.atomic
def cards_mark(*, cards: Iterable[tuple[CrmThing, str]], at: datetime) -> None:
    """Have cards written as their things are now, in every CRM that is switched on.

    However often a thing changes before it is written, it is written once.
    """
    told = sorted(set(cards))
    accounts = list(CrmAccount.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True))
    if not told or not accounts:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _MARK,
            {
                "kinds": [kind.value for kind, _reference in told],
                "references": [reference for _kind, reference in told],
                "at": at,
            },
        )
    for account_id in accounts:
        crm_write_ask(account_id=account_id)


def order_mark(*, order_id: int, at: datetime) -> None:
    """An order has changed: its deal, and what the deal hangs on where the CRM has not got it yet."""
    order = Order.objects.select_related("legal_entity").get(pk=order_id)
    cards = [(CrmThing.DEAL, order.reference), (CrmThing.COMPANY, company_reference(order.legal_entity_id))]
    person = Membership.objects.filter(holding=order.holding_id, user=order.created_by_id).first()
    if person is not None:
        cards.append((CrmThing.CONTACT, contact_reference(person.pk)))
    cards_mark(cards=cards, at=at)


def client_mark(*, holding_id: int, at: datetime) -> None:
    """A client has come or changed: companies and people of the holding."""
    entities = LegalEntity.objects.filter(holding=holding_id).values_list("pk", flat=True)
    people = Membership.objects.filter(holding=holding_id, is_active=True).values_list("pk", flat=True)
    companies = [(CrmThing.COMPANY, company_reference(pk)) for pk in entities]
    contacts = [(CrmThing.CONTACT, contact_reference(pk)) for pk in people]
    cards_mark(cards=[*companies, *contacts], at=at)


@transaction.atomic
def cards_again(*, link_ids: Collection[int], at: datetime) -> int:
    """Have cards written anew even where nothing has changed here; return how many."""
    links = CrmLink.objects.select_for_update(of=("self",)).filter(pk__in=link_ids)
    pks = list(links.order_by("pk").values_list("pk", flat=True))
    changed = CrmLink.objects.filter(pk__in=pks)
    changed.update(wanted=F("wanted") + 1, written_sha256="", state=LinkState.WAITING, attempts=0, next_at=at)
    accounts = CrmAccount.objects.filter(pk__in=changed.values("account"), is_active=True)
    for account_id in accounts.order_by("pk").values_list("pk", flat=True):
        crm_write_ask(account_id=account_id)
    return len(pks)
