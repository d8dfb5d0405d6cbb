"""An employee says how he is reached and who stands in for him."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.models import ManagerCard
from counterparties.talk_refusals import NotAnEmployee
from portal.files.services import store


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What stands on a card; both days of absence or none."""

    direct_phone: str
    mobile_phone: str
    telegram: str
    whatsapp: str
    max_messenger: str
    work_from: time
    work_to: time
    time_zone: str
    answer_minutes: int
    away_from: date | None
    away_until: date | None
    substitute_id: int | None


@transaction.atomic
def manager_card_save(
    *,
    actor: Actor,
    facts: CardFacts,
    photo: tuple[bytes, str] | None = None,
    is_photo_removed: bool = False,
    at: datetime,
) -> ManagerCard:
    """Keep the employee's own card; `photo` is a picture with its type by the bytes.

    While he is away the substitute serves his clients with the same rights. Raises AccessDenied,
    NotAnEmployee (the substitute).
    """
    actor.require(Permission.CLIENT_SERVE)
    user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.user_id or 0)
    if facts.substitute_id is not None:
        heirs = User.objects.filter(pk=facts.substitute_id, is_staff=True, is_active=True)
        if facts.substitute_id == user.pk or not heirs.exists():
            raise NotAnEmployee
    card, _is_new = ManagerCard.objects.get_or_create(user=user)
    for name, value in asdict(facts).items():
        setattr(card, name, value)
    if photo is not None:
        content, mime = photo
        card.photo = store(
            content=content, name="photo", mime=mime, source="manager_card", created_by_id=user.pk
        )
    elif is_photo_removed:
        card.photo = None
    card.updated_at = at
    card.save()
    return card
