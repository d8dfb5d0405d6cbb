"""Cards of the manager's morning: sources of all apps as one statement, and those of clients themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import ORDER_KINDS, ContractState, Registration, RegistrationState
from counterparties.morning import Found, MorningCard, MorningKind, Source, Told, rank, urgency_of
from portal.lib.dates import format_date, moscow_date
from portal.lib.words import plural

CONTRACT_DAYS = 30
"""So many days before its end a contract is told of, and so many days after it."""

# Who is entered: whoever signed in last of those who may be; the person whose thing the card is about first.
# The condition on memberships is that of `memberships_valid`.
_CARDS = """
WITH found AS ({sources}),
member AS (
    SELECT holding.id, coalesce(holding.merged_into_id, holding.id) AS client_id
      FROM counterparties_holding holding
     WHERE coalesce(holding.merged_into_id, holding.id) IN (SELECT found.holding_id FROM found)
),
contact AS (
    SELECT member.client_id, max(greatest({contacts})) AS at FROM member GROUP BY member.client_id
)
SELECT found.*, coalesce(holding.name, found.words), person.id, person.full_name, contact.at,
       coalesce(pause.until > %s, false)
  FROM found
  LEFT JOIN counterparties_holding holding ON holding.id = found.holding_id
  LEFT JOIN counterparties_morningpause pause
         ON pause.employee_id = %s AND pause.holding_id IS NOT DISTINCT FROM found.holding_id
        AND pause.kind = found.kind AND pause.reference = found.reference
  LEFT JOIN LATERAL (
        SELECT person.id, person.full_name
          FROM counterparties_membership membership
          JOIN accounts_user person ON person.id = membership.user_id
         WHERE membership.holding_id = found.holding_id AND membership.is_active AND holding.is_active
           AND holding.allows_visits AND person.is_active AND NOT person.is_staff AND NOT person.is_superuser
           AND (membership.valid_until IS NULL OR membership.valid_until >= %s)
         ORDER BY person.id IS NOT DISTINCT FROM found.person_id DESC,
                  person.last_login DESC NULLS LAST, person.id
         LIMIT 1) AS person ON true
  LEFT JOIN contact ON contact.client_id = found.holding_id
"""
_SOURCE = """
SELECT %s::text AS kind, source.*
  FROM ({sql}) AS source (holding_id, reference, money, since, due, count, words, person_id)
"""
_COLUMNS = (
    "kind", "holding_id", "reference", "money", "since", "due", "count", "words", "person_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Morning:
    """Cards by rank, those that were put off apart."""

    cards: tuple[MorningCard, ...]
    paused: tuple[MorningCard, ...]


CLIENT_CONTACTS = (
    """
    SELECT visit.started_at FROM counterparties_visit visit
     WHERE visit.holding_id = member.id ORDER BY visit.started_at DESC LIMIT 1
    """,
    """
    SELECT thread.last_word_at FROM counterparties_thread thread
     WHERE thread.holding_id = member.id AND thread.last_word_at IS NOT NULL
     ORDER BY thread.last_word_at DESC LIMIT 1
    """,
    """
    SELECT note.at FROM counterparties_clientnote note
     WHERE note.holding_id = member.id ORDER BY note.at DESC LIMIT 1
    """,
)
"""When a person entered the cabinet, wrote, or noted what was said; what the portal tells is no contact."""


def morning(
    *, actor: Actor, sources: Iterable[Source], contacts: Iterable[str] = CLIENT_CONTACTS, at: datetime
) -> Morning:
    """All cards of the clients whom the employee serves, the most urgent first; one query.

    `contacts` are SELECTs of the last moment when a person of one side spoke to the other, each as one app
    knows it, of the client whose key is `member.id`. Raises AccessDenied.
    """
    actor.require(Permission.CLIENT_SERVE)
    known = {source.kind: source for source in sources}
    if not known:
        return Morning((), ())
    on = moscow_date(at)
    parts = [_SOURCE.format(sql=source.sql) for source in known.values()]
    told = [value for source in known.values() for value in (source.kind.value, *source.parameters)]
    spoken = ", ".join(f"({contact})" for contact in contacts)
    sql = _CARDS.format(sources=" UNION ALL ".join(parts), contacts=spoken)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*told, on, actor.user_id, on])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    may_enter = actor.can(Permission.CLIENT_ENTER)
    cards = sorted((_card(row, known, may_enter=may_enter, at=at) for row in rows), key=rank)
    return Morning(
        tuple(card for card in cards if not card.is_paused), tuple(card for card in cards if card.is_paused)
    )


def _card(
    row: Sequence[Any], known: dict[MorningKind, Source], *, may_enter: bool, at: datetime
) -> MorningCard:
    kind, holding_id, reference, money, since, due, count, words, _person = row[: len(_COLUMNS)]
    client, person_id, person, contact, is_paused = row[len(_COLUMNS) :]
    found = Found(reference, money, since, due, count, words or "", holding_id)
    return MorningCard(
        kind=MorningKind(kind),
        urgency=urgency_of(kind, due=due, at=at),
        holding_id=holding_id,
        client=client,
        reference=reference,
        money=money,
        since=since,
        due=due,
        found=found,
        words=known[MorningKind(kind)].told,
        last_contact=contact,
        person_id=person_id if may_enter else None,
        person=(person or "") if may_enter else "",
        is_paused=is_paused,
    )


def served_sql(actor: Actor, column: str) -> tuple[str, list[Any]]:
    """A condition on a column of holdings: those that the employee serves; an administrator serves all."""
    if actor.is_administrator:
        return "true", []
    return f"{column} = ANY(%s)", [sorted(actor.served_holding_ids)]


def pks_sql(rows: QuerySet[Any]) -> tuple[str, list[Any]]:
    """Primary keys of a queryset as a subquery with its parameters."""
    try:
        text, parameters = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 0 WHERE false", []
    return text, list(parameters)


def days_in_words(days: int) -> str:
    """«1 день», «3 дня», «14 дней»."""
    return f"{days} {plural(days, _('день'), _('дня'), _('дней'))}"


def client_sources(*, actor: Actor, at: datetime) -> list[Source]:
    """Clients who wait for an answer, contracts that end, companies that ask to be let in."""
    return [_talks(actor), _contracts(actor, at), _registrations(actor)]


_READ, _WORDS_SHOWN = 300, 22

_TALKS = """
SELECT coalesce(holding.merged_into_id, holding.id), 'talk:' || thread.uid, NULL::numeric,
       thread.client_waits_since, thread.answer_due_at, 1,
       thread.subject || chr(10) || coalesce(
           (SELECT left(message.text, {length}) FROM counterparties_message message
             WHERE message.thread_id = thread.id AND message.side = 'client'
             ORDER BY message.created_at DESC LIMIT 1), ''),
       thread.started_by_id
  FROM counterparties_thread thread
  JOIN counterparties_holding holding ON holding.id = thread.holding_id
 WHERE thread.answer_due_at IS NOT NULL AND {served}
"""


def _talks(actor: Actor) -> Source:
    """Talks in which the client's word was the last, as it begins; the term is what the manager promised."""
    served, told = served_sql(actor, "coalesce(holding.merged_into_id, holding.id)")

    def words(found: Found) -> Told:
        subject, _newline, said = found.words.partition("\n")
        why = _("Ждёт ответа: {subject}").format(subject=subject)
        if said := " ".join(said.split()):
            cut = Truncator(said).words(_WORDS_SHOWN)
            why = _("{subject} – «{said}»").format(subject=subject, said=cut)
        return Told(why, reverse("counterparties:thread", args=[found.reference.partition(":")[2]]))

    return Source(MorningKind.TALK, _TALKS.format(served=served, length=_READ), told, words)


_CONTRACTS = """
SELECT entity.holding_id, 'contract:' || contract.id, NULL::numeric, NULL::timestamptz,
       (contract.valid_until + 1)::timestamp AT TIME ZONE 'Europe/Moscow', 1,
       '№ ' || contract.number || ', ' || entity.name, NULL::integer
  FROM counterparties_contract contract
  JOIN counterparties_legalentity entity
    ON entity.id = contract.legal_entity_id AND entity.merged_into_id IS NULL
 WHERE {served} AND contract.state = %s AND contract.kind = ANY(%s)
   AND contract.valid_until BETWEEN %s AND %s
   AND (contract.prolongs_months IS NULL OR contract.prolongation_refused_on IS NOT NULL)
   AND NOT EXISTS (
       SELECT FROM counterparties_contract next
        WHERE next.legal_entity_id = contract.legal_entity_id
          AND next.organization_id = contract.organization_id
          AND next.state = contract.state AND next.kind = ANY(%s)
          AND (next.valid_until IS NULL OR next.valid_until > %s))
"""


def _contracts(actor: Actor, at: datetime) -> Source:
    """Those that end soon or have ended lately, are not prolonged by themselves and have no successor."""
    on = moscow_date(at)
    served, told = served_sql(actor, "entity.holding_id")
    until, kinds = on + timedelta(days=CONTRACT_DAYS), sorted(ORDER_KINDS)
    since = on - timedelta(days=CONTRACT_DAYS)
    parameters = [*told, ContractState.ACTIVE.value, kinds, since, until, kinds, until]
    sql = _CONTRACTS.format(served=served)

    def words(found: Found) -> Told:
        last = moscow_date(found.due or at) - timedelta(days=1)
        address = _client(found.holding_id, "prices")
        if last < on:
            why = _("Договор {name}: срок истёк {date}").format(name=found.words, date=format_date(last))
            return Told(why, address)
        left = (last - on).days
        when = _("сегодня") if not left else _("через {days}").format(days=days_in_words(left))
        why = _("Договор {name} заканчивается {when}, {date}")
        return Told(why.format(name=found.words, when=when, date=format_date(last)), address)

    return Source(MorningKind.CONTRACT, sql, parameters, words)


_REGISTRATIONS = """
SELECT asked.holding_id, 'registration:' || registration.id, NULL::numeric,
       registration.confirmed_at, NULL::timestamptz, (asked.holding_id IS NOT NULL)::integer,
       registration.name, NULL::integer
  FROM counterparties_registration registration
  LEFT JOIN LATERAL (
       SELECT request.holding_id FROM counterparties_accessrequest request
        WHERE request.registration_id = registration.id AND request.state = 'waiting' AND {served}
        ORDER BY request.id LIMIT 1) AS asked ON true
 WHERE registration.id IN ({seen})
"""


def _registrations(actor: Actor) -> Source:
    """Companies that nobody has decided on, and people who want to join a client."""
    waiting = Registration.objects.visible_to(actor).filter(state=RegistrationState.REVIEW)
    seen, told = pks_sql(waiting)
    served, ids = served_sql(actor, "request.holding_id")

    def words(found: Found) -> Told:
        pk = int(found.reference.partition(":")[2])
        if found.count:
            why = _("Просят доступ к кабинету: {name}").format(name=found.words)
        else:
            why = _("Заявка на регистрацию ждёт решения")
        return Told(why, reverse("counterparties:registration", args=[pk]))

    sql = _REGISTRATIONS.format(served=served, seen=seen)
    return Source(MorningKind.REGISTRATION, sql, [*ids, *told], words)


def _client(holding_id: int | None, tab: str) -> str:
    return f"{reverse('counterparties:client', args=[holding_id])}?tab={tab}"
