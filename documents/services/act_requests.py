"""Asking for акты сверки: one at a time, a package for a holding, the same one anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import AccessDenied, Actor
from counterparties.models import Contract, LegalEntity
from counterparties.reach import reach
from documents.acts.moves import MADE
from documents.events import ActAsked
from documents.models import Act
from documents.selectors.act_books import act_entries
from documents.states import ActState
from portal import outbox
from portal.lib.dates import moscow_date

FIRST_DAY = date(2000, 1, 1)
MOST_ASKED = 50
"""Acts of one client that may be in the making at a time."""


class ActRefused(Exception):
    """Why no such act can be asked for, in Russian."""


@dataclass(frozen=True, slots=True)
class ActTarget:
    """What an act is asked of: a pair of firms, one contract or all, a period with its last day."""

    organization_id: int
    legal_entity_id: int
    contract_id: int | None
    period_from: date
    period_to: date


@transaction.atomic
def act_request(*, actor: Actor, target: ActTarget, at: datetime, is_anew: bool = False) -> tuple[Act, bool]:
    """Have an act made; tell whether it is new.

    The same wish while it is being made is one act, and so is one of today whose books have not changed
    since (`is_anew` asks for another one all the same). Raises AccessDenied, ActRefused,
    LegalEntity.DoesNotExist and Contract.DoesNotExist (not there or somebody else's).
    """
    _require(actor)
    wish = _wish(actor, target, at)
    if not is_anew:
        known = _fresh(wish, at)
        if known is not None:
            return known, False
    return _asked(wish, key=_key(wish), actor=actor, at=at)


@transaction.atomic
def act_package_request(*, actor: Actor, targets: Sequence[ActTarget], at: datetime) -> list[Act]:
    """Have one act made for each pair: different firms never share an act. Raises as `act_request` does."""
    return [act_request(actor=actor, target=target, at=at)[0] for target in targets]


@transaction.atomic
def act_make_anew(*, actor: Actor, uid: UUID, at: datetime) -> Act:
    """Ask for another act of the same pair and period; the old one stays as it is.

    That of a merged firm is asked of its heir. Raises AccessDenied, Act.DoesNotExist, ActRefused,
    Contract.DoesNotExist (the contract is another firm's by now).
    """
    _require(actor)
    act = Act.objects.visible_to(actor).select_related("legal_entity").get(uid=uid)
    target = ActTarget(
        organization_id=act.organization_id,
        legal_entity_id=act.legal_entity.merged_into_id or act.legal_entity_id,
        contract_id=act.contract_id,
        period_from=act.period_from,
        period_to=act.period_to,
    )
    return act_request(actor=actor, target=target, at=at, is_anew=True)[0]


def act_planned(*, schedule: Any, period: tuple[date, date], at: datetime) -> Act:
    """The act of a schedule for a period: one, however often the clock strikes.

    One that has failed is asked for anew: another attempt under a key of its own.
    """
    currency = schedule.contract.currency if schedule.contract else "RUB"
    wish = {
        "organization_id": schedule.organization_id,
        "legal_entity_id": schedule.legal_entity_id,
        "contract_id": schedule.contract_id,
        "currency": currency,
        "period_from": period[0],
        "period_to": period[1],
    }
    failed = Act.objects.filter(schedule=schedule.pk, period_to=period[1], state=ActState.FAILED).count()
    attempt = f":{failed + 1}" if failed else ""
    key = f"plan:{schedule.pk}:{period[1]:%Y-%m-%d}{attempt}"
    return _asked(wish | {"schedule_id": schedule.pk}, key=key, actor=None, at=at)[0]


def _require(actor: Actor) -> None:
    actor.require(Permission.FINANCE_VIEW)
    if actor.user_id is None or actor.is_read_only or actor.is_own_only(Permission.FINANCE_VIEW):
        raise AccessDenied(_("Акты запрашивают только люди, которым открыты расчёты"))


def _wish(actor: Actor, target: ActTarget, at: datetime) -> dict[str, Any]:
    """What is asked for, after all has been looked at."""
    if target.period_from > target.period_to:
        raise ActRefused(_("Начало периода должно быть не позже конца."))
    if target.period_from < FIRST_DAY or target.period_to > moscow_date(at):
        raise ActRefused(_("Акт сверки делают за прошедшие дни."))
    seen = reach(actor, Permission.FINANCE_VIEW, entity="")
    entity = LegalEntity.objects.in_use().filter(seen).get(pk=target.legal_entity_id)
    firm = Q(legal_entity=entity) | Q(legal_entity__merged_into=entity)
    contracts = Contract.objects.filter(firm, organization=target.organization_id)
    currency = "RUB"
    if target.contract_id is not None:
        currency = contracts.get(pk=target.contract_id).currency
    elif not contracts.exists():
        raise ActRefused(_("У юрлица нет договоров с этой организацией."))
    return {
        "organization_id": target.organization_id,
        "legal_entity_id": entity.pk,
        "contract_id": target.contract_id,
        "currency": currency,
        "period_from": target.period_from,
        "period_to": target.period_to,
    }


def _key(wish: dict[str, Any]) -> str:
    pair = f"{wish['organization_id']}:{wish['legal_entity_id']}:{wish['contract_id'] or 0}"
    return f"ask:{pair}:{wish['currency']}:{wish['period_from']}:{wish['period_to']}"


def _fresh(wish: dict[str, Any], at: datetime) -> Act | None:
    """An act of today that says what another one would say."""
    acts = Act.objects.filter(**wish, state__in=MADE, is_stale=False, received__isnull=True)
    known = acts.select_related("contract").order_by("-pk").first()
    if known is None or known.made_at is None or moscow_date(known.made_at) != moscow_date(at):
        return None
    later = act_entries(known).filter(pk__gt=known.seen_entry, business_date__lte=known.period_to)
    return None if later.exists() else known


def _asked(wish: dict[str, Any], *, key: str, actor: Actor | None, at: datetime) -> tuple[Act, bool]:
    waiting = Act.objects.filter(legal_entity=wish["legal_entity_id"], state=ActState.REQUESTED)
    if actor is not None and waiting.exclude(key=key).count() >= MOST_ASKED:
        raise ActRefused(_("Слишком много актов готовится сразу. Дождитесь их и попробуйте снова."))
    act, is_new = Act.objects.get_or_create(
        key=key,
        defaults=wish
        | {
            "asked_by_id": actor.user_id if actor else None,
            "impersonator_id": actor.impersonator_id if actor else None,
            "asked_at": at,
        },
    )
    if is_new:
        outbox.publish(ActAsked(act_id=act.pk))
    return act, is_new
