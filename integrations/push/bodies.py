"""The body of a request: strict JSON, then the envelope; items are looked at one by one later."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from integrations.models import PushMode
from integrations.push.faults import faults_told, printable
from integrations.push.fields import Moment, Text, uuid_read

BODY_LIMIT = 16 * 1024 * 1024
ITEMS_LIMIT = 1_000
_BIGGEST = 2**63 - 1

T = TypeVar("T", bound=BaseModel)


class BodyRefused(Exception):
    """The body makes no sense; the text is Russian, `status` that of the answer."""

    def __init__(self, text: str, *, status: int = 422) -> None:
        super().__init__(text)
        self.status = status


class Envelope(BaseModel):
    """Пакет: откуда, какой по счёту, изменения или полная выгрузка. Конец полной: finish и count."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    source: Annotated[Text, Field(min_length=1, max_length=20)]
    batch_id: Annotated[UUID, BeforeValidator(uuid_read)]
    seq: Annotated[int, Field(ge=0, le=_BIGGEST)]
    mode: Annotated[str, Field(pattern="^(delta|full)$")]
    generated_at: Moment
    items: Annotated[list[Any], Field(max_length=ITEMS_LIMIT)] = []
    finish: bool = False
    count: Annotated[int, Field(ge=0, le=_BIGGEST)] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "Envelope":
        if self.finish and (self.mode != PushMode.FULL or self.items or self.count is None):
            raise ValueError("finish закрывает полную выгрузку: mode full, без items, с count")
        if not self.finish and self.count is not None:
            raise ValueError("count присылают только вместе с finish")
        if not self.finish and "items" not in self.model_fields_set:
            raise ValueError("items: нет поля")
        return self


@dataclass(frozen=True, slots=True)
class Body:
    """A read request."""

    source: str
    batch_id: UUID
    seq: int
    mode: PushMode
    generated_at: datetime
    items: list[Any]
    is_finish: bool
    count: int
    sha256: str


def body_read(raw: bytes) -> Body:
    """Read a request. Raises BodyRefused."""
    envelope = model_read(Envelope, raw)
    return Body(
        source=envelope.source,
        batch_id=envelope.batch_id,
        seq=envelope.seq,
        mode=PushMode(envelope.mode),
        generated_at=envelope.generated_at,
        items=envelope.items,
        is_finish=envelope.finish,
        count=envelope.count or 0,
        sha256=sha256(raw).hexdigest(),
    )


def model_read(model: type[T], raw: bytes) -> T:
    """Read an object of the given shape. Raises BodyRefused."""
    told = _parsed(raw)
    if not isinstance(told, dict):
        raise BodyRefused("Тело запроса – не объект JSON")
    try:
        return model.model_validate(told)
    except ValidationError as error:
        raise BodyRefused(faults_told(error)) from None


def _parsed(raw: bytes) -> Any:
    """JSON as the standard has it: no NaN, no name twice, numbers without loss; 1C may begin with a BOM."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BodyRefused("Тело запроса не в UTF-8", status=400) from None
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        place = f"строка {error.lineno}, знак {error.colno}"
        raise BodyRefused(f"Тело запроса – не JSON: {place}", status=400) from None
    except (ValueError, ArithmeticError, RecursionError):
        raise BodyRefused(
            "Тело запроса – не JSON: слишком длинное число или вложенность", status=400
        ) from None


def _constant(name: str) -> None:
    raise BodyRefused(f"В JSON не бывает {name}", status=400)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        (twice, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise BodyRefused(f"Поле {printable(twice, 60)} названо дважды", status=400)
    return found
