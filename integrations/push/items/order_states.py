"""Состояние заказа."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, WithJsonSchema
from pydantic.functional_validators import BeforeValidator

from integrations.push.fields import Day, Item, Moment, Money, OptionalRef, Ref, Text, number_read

_MOST_ROWS = 5_000
_MOST = 10**10  # what the columns of a row hold, with room for sums


Quantity = Annotated[
    Decimal,
    BeforeValidator(number_read),
    Field(ge=0, lt=_MOST),
    WithJsonSchema({"type": ["string", "number"], "examples": ["12.5"]}),
]


class OrderStateRow(Item):
    """Строка заказа, как она сейчас в 1С. ref – Ид товара или «товар#характеристика», суммы с НДС."""

    ref: OptionalRef = ""
    article: Annotated[Text, Field(max_length=100)] = ""
    name: Annotated[Text, Field(max_length=800)] = ""
    unit: Annotated[Text, Field(max_length=50)] = ""
    quantity: Quantity
    price: Quantity
    sum: Annotated[Money, Field(ge=0, lt=_MOST)]
    vat_percent: Annotated[Money, Field(ge=0, lt=100)] | None = None
    vat_sum: Annotated[Money, Field(ge=0)] | None = None
    cancelled: bool = False


class OrderStateItem(Item):
    """Заказ и сколько по нему оплачено и отгружено. Чего нет, то не меняется: без rows строки остаются.

    site_number – номер заказа на портале. Для заказа, который оформили в 1С, нужны counterparty_ref, date
    и договор. debt_sum портал не хранит: долги приходят потоком settlements.
    """

    ref: Ref
    site_number: Annotated[Text, Field(max_length=50)] = ""
    number: Annotated[Text, Field(max_length=50)] = ""
    date: Day = None
    made_at: Moment | None = None
    state: Annotated[Text, Field(max_length=100)] = ""
    currency: Annotated[Text, Field(max_length=20)] = ""
    total: Annotated[Money, Field(ge=0)] | None = None
    paid_sum: Annotated[Money, Field(ge=0)] | None = None
    paid_on: Day = None
    shipped_sum: Annotated[Money, Field(ge=0)] | None = None
    shipped_on: Day = None
    debt_sum: Money | None = None
    posted: bool = True
    cancelled: bool = False
    deleted: bool = False
    counterparty_ref: OptionalRef = ""
    contract: Annotated[Text, Field(max_length=160)] = ""
    organization: Annotated[Text, Field(max_length=160)] = ""
    warehouse_ref: OptionalRef = ""
    client_reference: Annotated[Text, Field(max_length=50)] = ""
    comment: Annotated[Text, Field(max_length=3000)] = ""
    rows: Annotated[list[OrderStateRow], Field(max_length=_MOST_ROWS)] | None = None
