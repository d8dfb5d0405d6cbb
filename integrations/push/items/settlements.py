"""Расчёты по договору."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from integrations.push.fields import Currency, Day, Item, Moment, Money, OptionalRef, Text


class OverdueRow(Item):
    """Долг по документу и срок его оплаты."""

    due_date: Day
    amount: Annotated[Money, Field(gt=0)]
    document: Annotated[Text, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _is_dated(self) -> "OverdueRow":
        if self.due_date is None:
            raise ValueError("нет срока оплаты due_date")
        return self


class SettlementItem(Item):
    """Остаток расчётов на момент as_of. Долг и аванс не бывают отрицательными: у каждого своё поле."""

    contract_ref: OptionalRef = ""
    object_ref: OptionalRef = ""
    currency: Currency = "RUB"
    debt: Annotated[Money, Field(ge=0)]
    prepayment: Annotated[Money, Field(ge=0)] = Decimal(0)
    shipping: Annotated[Money, Field(ge=0)] = Decimal(0)
    to_pay: Annotated[Money, Field(ge=0)] = Decimal(0)
    overdue: Annotated[list[OverdueRow], Field(max_length=1000)] = []
    as_of: Moment

    @property
    def ref(self) -> str:
        return self.contract_ref or self.object_ref

    @model_validator(mode="after")
    def _is_under_contract(self) -> "SettlementItem":
        if not self.contract_ref:
            raise ValueError("нет contract_ref: портал ведёт расчёты по договорам, не по объектам расчётов")
        return self
