"""Контрагент."""

from typing import Annotated

from pydantic import Field

from integrations.push.fields import Item, OptionalRef, Ref, Text


class CounterpartyItem(Item):
    """Контрагент 1С: юрлицо или предприниматель. На портале узнают по ref, потом по ИНН и КПП."""

    ref: Ref
    partner_ref: OptionalRef = ""
    inn: Annotated[Text, Field(max_length=12)] = ""
    kpp: Annotated[Text, Field(max_length=9)] = ""
    ogrn: Annotated[Text, Field(max_length=15)] = ""
    legal_form: Annotated[Text, Field(max_length=40)] = ""
    name: Annotated[Text, Field(min_length=1, max_length=160)]
    full_name: Annotated[Text, Field(max_length=500)] = ""
    deleted: bool = False
