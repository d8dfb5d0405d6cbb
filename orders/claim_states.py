"""States of a claim, and the only moves between them."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.states import WrongState


class ClaimKind(models.TextChoices):
    """What is wrong with what came."""

    SHORTAGE = "shortage", _("Недостача")
    DEFECT = "defect", _("Брак или бой")
    MISGRADE = "misgrade", _("Пересорт")
    RETURN = "return", _("Возврат")


class ClaimWish(models.TextChoices):
    """What the client asks for."""

    REFUND = "refund", _("Вернуть деньги")
    REPLACE = "replace", _("Заменить товар")
    RESHIP = "reship", _("Довезти недостающее")


class ClaimState(models.TextChoices):
    """Where a claim stands."""

    SUBMITTED = "submitted", _("Подана")
    IN_WORK = "in_work", _("В работе")
    APPROVED = "approved", _("Одобрена")
    APPROVED_PARTLY = "approved_partly", _("Одобрена частично")
    REJECTED = "rejected", _("Отклонена")
    CREDITED = "credited", _("Сумма зачтена")
    COMPLETED = "completed", _("Исполнена")
    WITHDRAWN = "withdrawn", _("Отозвана")


OPEN_CLAIMS = frozenset({ClaimState.SUBMITTED, ClaimState.IN_WORK})
"""A manager owes an answer."""

APPROVED_CLAIMS = frozenset({ClaimState.APPROVED, ClaimState.APPROVED_PARTLY})
"""The answer is given; money or goods are owed."""

GIVEN_UP_CLAIMS = frozenset({ClaimState.REJECTED, ClaimState.WITHDRAWN})
"""Nothing is owed by them, and the goods may be claimed again."""

_ANSWERS = frozenset({ClaimState.APPROVED, ClaimState.APPROVED_PARTLY, ClaimState.REJECTED})
_ENDS = frozenset({ClaimState.CREDITED, ClaimState.COMPLETED})

CLAIM_TRANSITIONS: dict[str, frozenset[ClaimState]] = {
    ClaimState.SUBMITTED: _ANSWERS | {ClaimState.IN_WORK, ClaimState.WITHDRAWN},
    ClaimState.IN_WORK: _ANSWERS | {ClaimState.WITHDRAWN},
    ClaimState.APPROVED: _ENDS,
    ClaimState.APPROVED_PARTLY: _ENDS,
    ClaimState.REJECTED: frozenset(),
    ClaimState.CREDITED: frozenset(),
    ClaimState.COMPLETED: frozenset(),
    ClaimState.WITHDRAWN: frozenset(),
}
"""What people may do."""

CLAIM_ERP_TRANSITIONS: dict[str, frozenset[ClaimState]] = {
    **CLAIM_TRANSITIONS,
    ClaimState.CREDITED: APPROVED_CLAIMS,
}
"""What 1C alone may do: take its return back, so that the money is owed again."""


def require_claim_step(
    current: str, target: ClaimState, *, table: Mapping[str, frozenset[ClaimState]] = CLAIM_TRANSITIONS
) -> None:
    """Raise `WrongState` unless the table allows the move."""
    if target not in table[current]:
        raise WrongState(f"{ClaimState(current).label} → {target.label}")
