"""What a base says of the requests that it was offered."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from integrations.push.bodies import BodyRefused, json_read, uuid_read
from integrations.push.faults import faults_told
from integrations.push.fields import Text

_MOST = 1_000

RequestRef = Annotated[UUID, BeforeValidator(uuid_read)]


class Refused(BaseModel):
    """Запрос, на который документа не будет, и почему: это увидит клиент."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    ref: RequestRef
    reason: Annotated[Text, Field(min_length=1, max_length=300)]


class Ack(BaseModel):
    """Какие запросы база забрала (refs) и на какие отвечает отказом (refused)."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    refs: Annotated[list[RequestRef], Field(max_length=_MOST)] = []
    refused: Annotated[list[Refused], Field(max_length=_MOST)] = []


def ack_read(raw: bytes) -> Ack:
    """Read a body. Raises BodyRefused."""
    try:
        return Ack.model_validate(json_read(raw))
    except ValidationError as error:
        raise BodyRefused(faults_told(error)) from None
