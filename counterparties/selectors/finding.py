"""Clients that an employee looks for by a few letters: names, ИНН, people, letters, phones, order numbers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.selectors.morning import served_sql

MOST_ROWS = 12
SHORTEST = 2
_LEAST_DIGITS = 4

# Of each client the best reason why he was found. Phones are compared by their digits, ИНН by its beginning.
# The condition on memberships is that of `memberships_valid`.
_FIND = r"""
WITH served AS (
    SELECT holding.id, holding.name, holding.allows_visits, holding.is_active
      FROM counterparties_holding holding
     WHERE holding.merged_into_id IS NULL AND {served}
), found AS (
    SELECT served.id, 1 AS place, '' AS why, NULL::integer AS person_id
      FROM served WHERE strpos(lower(served.name), lower(%(text)s)) > 0
     UNION ALL
    SELECT entity.holding_id, 2, entity.name || ', ИНН ' || entity.inn, NULL
      FROM counterparties_legalentity entity JOIN served ON served.id = entity.holding_id
     WHERE entity.merged_into_id IS NULL
       AND (strpos(lower(entity.name), lower(%(text)s)) > 0
            OR %(digits)s <> '' AND entity.inn LIKE %(digits)s || '%%')
     UNION ALL
    SELECT membership.holding_id, 3, person.full_name || ', ' || person.email, person.id
      FROM counterparties_membership membership
      JOIN served ON served.id = membership.holding_id
      JOIN accounts_user person ON person.id = membership.user_id
     WHERE strpos(lower(person.full_name), lower(%(text)s)) > 0
        OR strpos(lower(person.email), lower(%(text)s)) > 0
        OR %(phone)s <> ''
           AND strpos(regexp_replace(person.phone, '\D', '', 'g'), %(phone)s) > 0
     UNION ALL
    SELECT orders.holding_id, 4, 'заказ ' || coalesce(nullif(orders.erp_number, ''), orders.number),
           orders.created_by_id
      FROM orders_order orders JOIN served ON served.id = orders.holding_id
     WHERE %(sees_orders)s AND %(number)s <> ''
       AND (orders.number = %(number)s OR orders.erp_number = %(text)s)
), best AS (
    SELECT DISTINCT ON (id) * FROM found ORDER BY id, place, why
)
SELECT best.id, served.name, best.why, person.id, person.full_name
  FROM best
  JOIN served ON served.id = best.id
  LEFT JOIN LATERAL (
       SELECT person.id, person.full_name
         FROM counterparties_membership membership
         JOIN accounts_user person ON person.id = membership.user_id
        WHERE %(may_enter)s AND membership.holding_id = best.id AND membership.is_active AND served.is_active
          AND served.allows_visits AND person.is_active AND NOT person.is_staff AND NOT person.is_superuser
          AND (membership.valid_until IS NULL OR membership.valid_until >= %(on)s)
        ORDER BY person.id IS NOT DISTINCT FROM best.person_id DESC,
                 person.last_login DESC NULLS LAST, person.id
        LIMIT 1) AS person ON true
 ORDER BY best.place, served.name, best.id LIMIT {most}
"""


@dataclass(frozen=True, slots=True)
class FoundClient:
    """A client, why he was found, and in whose name his cabinet may be entered."""

    holding_id: int
    name: str
    why: str
    person_id: int | None
    person: str


def clients_found(*, actor: Actor, text: str, on: date) -> list[FoundClient]:
    """Clients whom the employee serves that the words fit, the closest first; one query at most.

    Raises AccessDenied.
    """
    actor.require(Permission.CLIENT_SERVE)
    text = " ".join(text.replace("\0", "").split())[:100]
    if len(text) < SHORTEST:
        return []
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    is_number = bool(digits) and not any(sign.isalpha() for sign in text)
    phone = digits[1:] if len(digits) == 11 and digits[0] in "78" else digits
    served, ids = served_sql(actor, "holding.id")
    told: dict[str, Any] = {
        "text": text,
        "digits": digits if is_number and len(digits) >= _LEAST_DIGITS else "",
        "phone": phone if is_number and len(phone) >= _LEAST_DIGITS else "",
        "number": text.removeprefix("№").strip(),
        "sees_orders": actor.can(Permission.ORDER_VIEW),
        "may_enter": actor.can(Permission.CLIENT_ENTER),
        "on": on,
        "served": ids[0] if ids else [],
    }
    sql = _FIND.format(served=served.replace("%s", "%(served)s"), most=MOST_ROWS)
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        return [
            FoundClient(pk, name, why, person_id, person or "")
            for pk, name, why, person_id, person in cursor.fetchall()
        ]
