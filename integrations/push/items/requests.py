"""Ответ 1С на запросы клиентов."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, model_validator

from integrations.push.faults import signs_fault
from integrations.push.fields import Item, Text, uuid_read

_MOST = 1_000


RequestRef = Annotated[UUID, BeforeValidator(uuid_read)]


class RequestRefusal(Item):
    """Запрос, на который документа не будет, и почему: причину видит клиент."""

    ref: RequestRef
    reason: Annotated[Text, Field(min_length=1, max_length=300)]


class RequestsAck(Item):
    """taken – запросы, которые 1С взяла в работу; refused – по которым отказ."""

    taken: Annotated[list[RequestRef], Field(max_length=_MOST)] = []
    refused: Annotated[list[RequestRefusal], Field(max_length=_MOST)] = []

    @model_validator(mode="before")
    @classmethod
    def _is_kept(cls, told: Any) -> Any:
        if fault := signs_fault(told):
            raise ValueError(fault)
        return told
