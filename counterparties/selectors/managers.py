"""Who of the seller's people a client talks to today."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts.models import User
from counterparties.models import Holding, HoldingUserObjectPermission, ManagerCard
from counterparties.permissions import SERVE_HOLDING
from counterparties.working_hours import WorkingHours

DEFAULT_CARD = ManagerCard()
"""Hours and promise of one who has filled in nothing; never saved."""


@dataclass(frozen=True, slots=True)
class PersonalManager:
    """An employee who serves a client; on days off `substitute` answers in his place."""

    user: User
    card: ManagerCard
    away_until: date | None
    substitute: User | None
    substitute_card: ManagerCard

    @property
    def answering(self) -> User:
        """Who answers today."""
        return self.substitute or self.user

    @property
    def answering_card(self) -> ManagerCard:
        return self.substitute_card if self.substitute else self.card


def managers_of_holding(holding_id: int, *, on: date) -> list[PersonalManager]:
    """Those who serve the client and are still at work, the first one first; one query.

    Who serves a client that was merged is told by the one that goes on.
    """
    heir = Holding.objects.filter(pk=holding_id).values(heir_id=Coalesce("merged_into_id", "pk"))
    grants = HoldingUserObjectPermission.objects.filter(
        content_object__in=heir,
        permission__codename=SERVE_HOLDING,
        user__is_active=True,
        user__is_staff=True,
    )
    cards = "user__manager_card__substitute__manager_card"
    return [_manager(grant.user, on=on) for grant in grants.select_related(cards).order_by("pk")]


def manager_with_card(user: User, *, on: date) -> PersonalManager:
    """One employee; one query."""
    cards = "manager_card__substitute__manager_card"
    return _manager(User.objects.select_related(cards).get(pk=user.pk), on=on)


def substituted_on(on: date, *, by: User) -> Q:
    """Assignments of colleagues who are away on the day and have named this employee."""
    return Q(
        user__manager_card__substitute=by,
        user__manager_card__away_from__lte=on,
        user__manager_card__away_until__gte=on,
        user__is_active=True,
    )


def hours_of(card: ManagerCard) -> WorkingHours:
    return WorkingHours(opens=card.work_from, closes=card.work_to, zone=ZoneInfo(card.time_zone))


def card_of(user: User) -> ManagerCard:
    """What the employee filled in, or the usual; no query where the card came with him."""
    return getattr(user, "manager_card", DEFAULT_CARD)


def _manager(user: User, *, on: date) -> PersonalManager:
    card = card_of(user)
    is_away = card.away_from is not None and card.away_until is not None
    is_away = is_away and card.away_from <= on <= card.away_until  # type: ignore[operator]
    substitute = card.substitute if is_away else None
    if substitute is not None and not (substitute.is_active and substitute.is_staff):
        substitute = None
    return PersonalManager(
        user=user,
        card=card,
        away_until=card.away_until if is_away else None,
        substitute=substitute,
        substitute_card=card_of(substitute) if substitute else DEFAULT_CARD,
    )
