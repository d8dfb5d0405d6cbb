"""order_states: where an order stands in 1C, with sums that are paid and shipped in part."""

from typing import Annotated

from pydantic import Field

from integrations.push.items.fields import (
    Day,
    Item,
    MaybeRef,
    Moment,
    Number,
    PositiveSum,
    Quantity,
    Ref,
    Sum,
    Text,
)

MOST_ROWS = 5_000
MOST = 10**10  # what the columns hold, with room for sums


class OrderStateRow(Item):
    """A present row of the order in 1C; `ref` is «good» or «good#characteristic», sums are with VAT."""

    ref: MaybeRef = ""
    article: Annotated[Text, Field(max_length=100)] = ""
    name: Annotated[Text, Field(max_length=800)] = ""
    unit: Annotated[Text, Field(max_length=50)] = ""
    quantity: Annotated[Quantity, Field(lt=MOST)]
    price: Annotated[Quantity, Field(lt=MOST)]
    sum: Annotated[PositiveSum, Field(lt=MOST)]
    vat_percent: Annotated[Number, Field(ge=0, lt=100)] | None = None
    vat_sum: PositiveSum | None = None
    cancelled: bool = False


class OrderStateItem(Item):
    """One order; `rows` that are not given leave the rows that are known.

    `counterparty_ref`, `contract`, `organization` and `date` are needed for an order that was made out
    in 1C. `debt_sum` is taken and not kept: debts come with the settlements.
    """

    ref: Ref
    site_number: Annotated[Text, Field(max_length=50)] = ""
    number: Annotated[Text, Field(max_length=50)] = ""
    date: Day = None
    made_at: Moment = None
    state: Annotated[Text, Field(max_length=100)] = ""
    currency: Annotated[Text, Field(max_length=20)] = ""
    total: PositiveSum | None = None
    paid_sum: PositiveSum | None = None
    paid_on: Day = None
    shipped_sum: PositiveSum | None = None
    shipped_on: Day = None
    debt_sum: Sum | None = None
    posted: bool = True
    cancelled: bool = False
    deleted: bool = False
    counterparty_ref: MaybeRef = ""
    contract: Annotated[Text, Field(max_length=160)] = ""
    organization: Annotated[Text, Field(max_length=160)] = ""
    warehouse_ref: MaybeRef = ""
    client_reference: Annotated[Text, Field(max_length=50)] = ""
    comment: Annotated[Text, Field(max_length=3000)] = ""
    rows: Annotated[tuple[OrderStateRow, ...], Field(strict=False, max_length=MOST_ROWS)] | None = None
