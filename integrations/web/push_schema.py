"""The published description: an address a stream, with the shape of its items."""

from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from integrations.models import RequestKind
from integrations.push.bodies import Envelope
from integrations.push.items.requests import RequestsAck
from integrations.services.push.streams import STREAMS, Stream
from orders.claim_states import ClaimKind, ClaimWish
from orders.models import ShipmentMethod

_REFS = "#/components/schemas/{model}"
_ANSWERS = {
    "200": "Пакет разобран: что принято и что нет",
    "400": "Тело – не JSON",
    "401": "Нет ключа или он не подходит",
    "403": "Обмен с базой выключен",
    "409": "Другой пакет под тем же batch_id, или полная выгрузка пришла не вся",
    "413": "Тело больше 16 МБ",
    "415": "Тело сжато",
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
_PLAIN = {"type": "string"}
_PARTY = {"type": "object", "properties": {"ref": _PLAIN, "inn": _PLAIN, "kpp": _PLAIN}}
_SHIPMENT: dict[str, Any] = {
    "type": "object",
    "description": (
        "Что отгрузить. Отгрузки по этим заказам закрывают заявку сами; в отказе назовите причину, "
        "её увидит клиент."
    ),
    "properties": {
        **dict.fromkeys(
            (
                "number", "date", "warehouse_ref", "address", "carrier", "contact", "loading", "driver",
                "driver_phone", "driver_paper", "car", "comment",
            ),
            _PLAIN,
        ),
        "hours": {"type": "array", "items": _PLAIN, "description": "С и до, если клиент указал время"},
        "method": {"type": "string", "enum": list(ShipmentMethod.values)},
        "is_edo": {"type": "boolean"},
        "attorney": {
            "type": "object", "properties": {"number": _PLAIN, "date": _PLAIN, "until": _PLAIN},
        },
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "order": {
                        "type": "object",
                        "properties": {"ref": _PLAIN, "site_number": _PLAIN, "number": _PLAIN},
                    },
                    "sku_ref": _PLAIN, "article": _PLAIN, "name": _PLAIN, "quantity": _PLAIN,
                },
            },
        },
    },
}  # fmt: skip
_CLAIM: dict[str, Any] = {
    "type": "object",
    "description": "Одобренная рекламация: оформите возврат или корректировку и пришлите с request_ref",
    "properties": {
        "number": _PLAIN, "comment": _PLAIN, "answer": _PLAIN,
        "kind": {"type": "string", "enum": list(ClaimKind.values)},
        "wish": {"type": "string", "enum": list(ClaimWish.values)},
        "shipment": {
            "type": "object",
            "properties": {"ref": _PLAIN, "number": _PLAIN, "date": {"type": ["string", "null"]}},
        },
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "row": {"type": "integer", "description": "Номер строки в документе отгрузки"},
                    "sku_ref": _PLAIN, "article": _PLAIN, "name": _PLAIN, "unit": _PLAIN,
                    "quantity": _PLAIN, "price": _PLAIN,
                    "vat_percent": {"type": ["string", "null"], "description": "Пусто: без НДС"},
                    "sum": {"type": "string", "description": "С НДС"}, "note": _PLAIN,
                },
            },
        },
    },
}  # fmt: skip
REQUESTS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["ref", "type", "created_at", "counterparty"],
                "properties": {
                    "ref": {"type": "string", "description": "Верните его в documents полем request_ref"},
                    "type": {"type": "string", "enum": list(RequestKind.values)},
                    "created_at": {"type": "string", "format": "date-time"},
                    "counterparty": _PARTY,
                    "contract": {
                        "type": "object",
                        "properties": {
                            "ref": _PLAIN, "number": _PLAIN, "date": _PLAIN, "organization_inn": _PLAIN,
                        },
                    },
                    "from": {"type": "string", "format": "date"},
                    "to": {"type": "string", "format": "date"},
                    "order": {
                        "type": "object",
                        "properties": {"ref": _PLAIN, "site_number": _PLAIN, "number": _PLAIN},
                    },
                    "document": {
                        "type": "object",
                        "properties": {
                            "ref": _PLAIN, "type": _PLAIN, "number": _PLAIN,
                            "date": {"type": ["string", "null"]},
                        },
                    },
                    "shipment": _SHIPMENT,
                    "claim": _CLAIM,
                },
            },
        }
    },
}  # fmt: skip
ACK_ANSWER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "accepted": {"type": "integer", "description": "Новых среди забранных"},
        "refused": {"type": "integer", "description": "Закрыто отказом"},
    },
}
REFUSAL: dict[str, Any] = {"type": "object", "properties": {"error": {"type": "string"}}}


def stream_paths(prefix: str) -> dict[str, Any]:
    """Paths of all streams; `prefix` ends with a slash."""
    return {
        f"{prefix}{name.value}": {"post": _operation(name.value, stream)} for name, stream in STREAMS.items()
    }


def request_paths(prefix: str) -> dict[str, Any]:
    """Paths of the queue from the portal to 1C."""
    codes = ("400", "401", "403", "413", "415", "422", "429")
    asked = _described(
        "requests", "Запросы клиентов, которые ждут документов", ("401", "403", "429"), "Requests"
    )
    told = _described("requests_ack", (RequestsAck.__doc__ or "").strip(), codes, "AckAnswer")
    told["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": _ref(RequestsAck.__name__)}}},
    }
    return {f"{prefix}requests": {"get": asked}, f"{prefix}requests/ack": {"post": told}}


def _described(name: str, summary: str, codes: Sequence[str], answer: str) -> dict[str, Any]:
    return {
        "operationId": f"push_{name}",
        "summary": summary,
        "security": [{"KeyAuth": []}],
        "responses": {
            "200": {
                "description": "Ответ",
                "content": {"application/json": {"schema": {"$ref": _ref(answer)}}},
            },
            **{code: _response(code, _ANSWERS[code]) for code in codes},
        },
    }


def stream_schemas() -> dict[str, Any]:
    """Shapes of the envelope and of all items, those inside of items included."""
    models = [stream.item for stream in STREAMS.values()] + [Envelope, RequestsAck]
    told = models_json_schema([(model, "validation") for model in models], ref_template=_REFS)[1]
    own = {"Answer": ANSWER, "Refusal": REFUSAL, "Requests": REQUESTS, "AckAnswer": ACK_ANSWER}
    return {**told["$defs"], **own}


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
