"""Соглашение с клиентом."""

from typing import Annotated

from pydantic import Field

from integrations.push.fields import Item, Money, OptionalRef, Ref, Text


class PaymentStage(Item):
    """Этап оплаты: сколько процентов, через сколько дней после чего."""

    name: Annotated[Text, Field(max_length=100)] = ""
    percent: Annotated[Money, Field(ge=0, le=100)]
    days: Annotated[int, Field(ge=0, le=3650)] = 0


class AgreementItem(Item):
    """Соглашение 1С. Портал показывает его администратору и сам ничего не меняет."""

    ref: Ref
    partner_ref: OptionalRef = ""
    price_type_ref: OptionalRef = ""
    warehouse_ref: OptionalRef = ""
    min_order: Annotated[Money, Field(ge=0)] | None = None
    payment_stages: Annotated[list[PaymentStage], Field(max_length=50)] = []
    deleted: bool = False
