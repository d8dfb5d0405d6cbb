"""The published description: an address a stream, with the shape of its items."""

from typing import Any

from pydantic.json_schema import models_json_schema

from integrations.push.bodies import Envelope
from integrations.push.streams import STREAMS, Stream

_REFS = "#/components/schemas/{model}"
_ANSWERS = {
    "200": "Пакет разобран: что принято и что нет",
    "400": "Тело – не JSON",
    "401": "Нет ключа или он не подходит",
    "403": "Обмен с базой выключен",
    "409": "Другой пакет под тем же batch_id, или полная выгрузка пришла не вся",
    "413": "Тело больше 16 МБ",
    "422": "Пакет составлен неверно",
    "429": "Слишком много неверных ключей",
    "503": "База занята другим пакетом: повторите через секунды из Retry-After",
}
ANSWER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "accepted": {"type": "integer", "description": "Принято, вместе с тремя следующими"},
        "unchanged": {"type": "integer", "description": "То же, что уже принято"},
        "outdated": {"type": "integer", "description": "Уже есть с большим seq"},
        "waiting": {"type": "integer", "description": "Ждет того, на что ссылается"},
        "missing": {"type": "integer", "description": "Отмечено отсутствующими в полной выгрузке"},
        "held": {"type": "string", "description": "Почему отсутствующие не отмечены"},
        "rejected": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"ref": {"type": "string"}, "error": {"type": "string"}},
            },
        },
    },
}
REFUSAL: dict[str, Any] = {"type": "object", "properties": {"error": {"type": "string"}}}


def stream_paths(prefix: str) -> dict[str, Any]:
    """Paths of all streams; `prefix` ends with a slash."""
    return {
        f"{prefix}{name.value}": {"post": _operation(name.value, stream)} for name, stream in STREAMS.items()
    }


def stream_schemas() -> dict[str, Any]:
    """Shapes of the envelope and of all items, those inside of items included."""
    models = [(stream.item, "validation") for stream in STREAMS.values()]
    _, told = models_json_schema([*models, (Envelope, "validation")], ref_template=_REFS)  # type: ignore[list-item]
    return {**told["$defs"], "Answer": ANSWER, "Refusal": REFUSAL}


def _operation(name: str, stream: Stream) -> dict[str, Any]:
    items = {"type": "array", "items": {"$ref": _ref(stream.item.__name__)}}
    body = {"allOf": [{"$ref": _ref(Envelope.__name__)}, {"properties": {"items": items}}]}
    return {
        "operationId": f"push_{name}",
        "summary": (stream.item.__doc__ or name).strip(),
        "security": [{"KeyAuth": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {code: _response(code, words) for code, words in _ANSWERS.items()},
    }


def _response(code: str, words: str) -> dict[str, Any]:
    schema = {"$ref": _ref("Answer" if code == "200" else "Refusal")}
    return {"description": words, "content": {"application/json": {"schema": schema}}}


def _ref(name: str) -> str:
    return _REFS.format(model=name)
