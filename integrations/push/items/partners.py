"""Партнёр."""

from typing import Annotated

from pydantic import Field

from integrations.push.fields import Item, OptionalRef, Ref, Text


class PartnerItem(Item):
    """Партнёр 1С: стоит над контрагентами."""

    ref: Ref
    parent_ref: OptionalRef = ""
    name: Annotated[Text, Field(min_length=1, max_length=160)]
    stop_list: bool = False
    stop_reason: Annotated[Text, Field(max_length=300)] = ""
    manager: Annotated[Text, Field(max_length=100)] = ""
    deleted: bool = False
