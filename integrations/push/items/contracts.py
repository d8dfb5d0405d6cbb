"""Договор."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from counterparties.models import ContractState
from integrations.push.fields import Currency, Day, Item, Money, Ref, Text

_STATES = {
    "active": ContractState.ACTIVE,
    "действует": ContractState.ACTIVE,
    "draft": ContractState.CLOSED,
    "несогласован": ContractState.CLOSED,
    "closed": ContractState.CLOSED,
    "закрыт": ContractState.CLOSED,
}


def _state(value: object) -> str:
    """One of 1C's names; nothing can be ordered under a contract that is not agreed yet."""
    known = "".join(value.lower().split()) if isinstance(value, str) else ""
    if known not in _STATES:
        raise ValueError("нужно active, draft, closed или Действует, НеСогласован, Закрыт")
    return _STATES[known].value


class ContractItem(Item):
    """Договор с клиентом. Файлы договора присылают потоком documents."""

    ref: Ref
    counterparty_ref: Ref
    organization_ref: Ref
    number: Annotated[Text, Field(max_length=50)] = ""
    date: Day
    valid_to: Day = None
    status: Annotated[
        str, BeforeValidator(_state), Field(json_schema_extra={"enum": ["active", "draft", "closed"]})
    ] = "active"
    currency: Currency = "RUB"
    limit_enabled: bool = False
    limit_amount: Annotated[Money, Field(ge=0)] = Decimal(0)
    overdue_forbidden: bool = False
    payment_days: Annotated[int, Field(ge=0, le=3650)] | None = None
