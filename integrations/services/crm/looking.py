"""Which cards of clients are old, whoever has changed the client: looked for once an hour, in portions.

Requisites come from 1C, people and managers from a dozen pages: instead of following each of them the facts
that a card tells are compared with those it was marked for. A CRM that was connected later gets its first
load in the same way.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from counterparties.permissions import SERVE_HOLDING
from integrations.models import CrmAccount, CrmLink, CrmThing
from integrations.services.crm.writing import crm_write_ask
from portal.outbox import enqueue, job

PORTION = 1_000
"""Cards that one job marks; the rest goes into the next one."""

# What `integrations.reports.crm_things` tells of companies and people. One statement: a card that is not
# there yet waits, a known one waits again.
_LOOK = """
WITH managers AS (
    SELECT DISTINCT ON (served.content_object_id) served.content_object_id AS holding_id, served.user_id
      FROM counterparties_holdinguserobjectpermission served
      JOIN auth_permission permission ON permission.id = served.permission_id
      JOIN accounts_user employee ON employee.id = served.user_id
     WHERE permission.codename = %(serve)s AND employee.is_active
     ORDER BY served.content_object_id, served.id
), facts AS (
    SELECT 'company' AS kind, 'entity:' || entity.id AS reference,
           md5(jsonb_build_array(
               entity.name, entity.full_name, entity.inn, entity.kpp, entity.ogrn, entity.legal_address,
               entity.phone, entity.email, holding.group_id, managers.user_id
           )::text) AS digest
      FROM counterparties_legalentity entity
      JOIN counterparties_holding holding ON holding.id = entity.holding_id
      LEFT JOIN managers ON managers.holding_id = holding.id
     WHERE entity.merged_into_id IS NULL AND holding.is_active
     UNION ALL
    SELECT 'contact', 'person:' || membership.id,
           md5(jsonb_build_array(person.full_name, person.email, holding.main_entity_id)::text)
      FROM counterparties_membership membership
      JOIN counterparties_holding holding ON holding.id = membership.holding_id
      JOIN accounts_user person ON person.id = membership.user_id
     WHERE membership.is_active AND person.is_active AND holding.is_active
)
INSERT INTO integrations_crmlink
       (account_id, kind, reference, external_id, state, wanted, written, written_sha256, told_facts,
        is_doubtful, attempts, next_at, last_error, created_at)
SELECT account.id, facts.kind, facts.reference, '', 'waiting', 1, 0, '', facts.digest, false, 0, %(at)s, '',
       %(at)s
  FROM integrations_crmaccount account
 CROSS JOIN facts
  LEFT JOIN integrations_crmlink link
    ON link.account_id = account.id AND link.kind = facts.kind AND link.reference = facts.reference
 WHERE account.is_active AND link.told_facts IS DISTINCT FROM facts.digest
 ORDER BY account.id, facts.kind, facts.reference
 LIMIT %(most)s
ON CONFLICT (account_id, kind, reference) DO UPDATE
   SET told_facts = excluded.told_facts, wanted = integrations_crmlink.wanted + 1, state = 'waiting',
       next_at = CASE WHEN integrations_crmlink.state = 'waiting'
                      THEN integrations_crmlink.next_at ELSE %(at)s END,
       attempts = CASE WHEN integrations_crmlink.state = 'waiting'
                       THEN integrations_crmlink.attempts ELSE 0 END
 WHERE integrations_crmlink.told_facts <> excluded.told_facts
RETURNING account_id
"""


@dataclass(frozen=True, slots=True)
class LookTask:
    """Clients that are to be looked through; `asked_at` tells since when."""

    asked_at: datetime


def clients_look_ask(*, at: datetime, key: str = "") -> None:
    """Have all clients looked through, in the caller's transaction; without a CRM no job is made."""
    if CrmAccount.objects.filter(is_active=True).exists():
        enqueue(look_at_clients, LookTask(asked_at=at), key=key or f"crm-clients:{uuid4().hex}")


def clients_look_hourly(*, at: datetime) -> None:
    """The same, once an hour."""
    clients_look_ask(at=at, key=f"crm-clients:{at:%Y-%m-%dT%H}")


@job()
def look_at_clients(task: LookTask) -> None:
    """Mark a portion; a full one has another job after it."""
    if clients_look(at=timezone.now()) == PORTION:
        clients_look_ask(at=task.asked_at)


@transaction.atomic
def clients_look(*, at: datetime) -> int:
    """Have old and absent cards of clients written, a portion of them; return how many.

    Idempotent. Companies go before people; limits of the CRM are kept by the writing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {"serve": SERVE_HOLDING, "at": at, "most": PORTION})
        told = [account_id for (account_id,) in cursor.fetchall()]
    for account_id in sorted(set(told)):
        crm_write_ask(account_id=account_id)
    return len(told)


@transaction.atomic
def clients_again(*, account_ids: Collection[int], at: datetime) -> None:
    """Have all clients of accounts looked at as if they had changed; what comes out the same asks no CRM."""
    links = CrmLink.objects.filter(account__in=account_ids, kind__in=(CrmThing.COMPANY, CrmThing.CONTACT))
    links.update(told_facts="")
    clients_look_ask(at=at)
