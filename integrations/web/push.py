"""The addresses of the JSON channel. Thin: who asks, what was sent, one service, its answer."""

from typing import Any

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import AuthenticationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import HttpBearer

from integrations.models import ExchangeKey, PushStream
from integrations.push.bodies import BODY_LIMIT, BodyRefused, body_read, model_read
from integrations.push.items.requests import RequestsAck
from integrations.services.push.batches import batch_receive
from integrations.services.push.keys import KeyRefused, key_check
from integrations.services.push.requests import requests_acked, requests_polled
from integrations.services.push.streams import STREAMS
from integrations.services.turns import NodeBusy
from integrations.web.push_schema import request_paths, stream_paths, stream_schemas
from portal.audit.middleware import client_ip
from portal.lib.trace import current_trace

_RETRY_AFTER = "10"

log = structlog.get_logger()


class PushAPI(NinjaAPI):
    """One address takes all streams; the description shows each with the shape of its items."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        root = reverse("push:api-root")
        schema["paths"] |= stream_paths(root) | request_paths(root)
        schema["components"]["schemas"] = stream_schemas()
        schema["components"]["securitySchemes"] = {"KeyAuth": {"type": "http", "scheme": "bearer"}}
        return schema


class KeyAuth(HttpBearer):
    """Authorization: Bearer and a key of the base; `request.auth` is the ExchangeKey."""

    def authenticate(self, request: HttpRequest, token: str) -> ExchangeKey:
        return key_check(text=token.strip(), ip=client_ip(request), at=timezone.now())


api = PushAPI(
    title="Обмен с 1С",
    version="1",
    description="1С присылает пакеты JSON, портал отвечает, что принято. Примеры – в docs/1c.md.",
    docs_url=None,
    urls_namespace="push",
)


@api.get("/requests", auth=KeyAuth(), include_in_schema=False, url_name="requests")
def requests(request: HttpRequest) -> dict[str, Any]:
    """Which papers clients wait for, oldest first; the same ones until the base says that it has them."""
    return requests_polled(_key(request).node)


@api.post("/requests/ack", auth=KeyAuth(), include_in_schema=False, url_name="requests-ack")
def requests_ack(request: HttpRequest) -> dict[str, int]:
    """Take note of what the base has taken, and what it will not make."""
    ack = model_read(RequestsAck, _content(request))
    return requests_acked(_key(request).node, ack, at=timezone.now())


@api.post("/{stream}", auth=KeyAuth(), include_in_schema=False, url_name="stream")
def receive(request: HttpRequest, stream: str) -> HttpResponse:
    """Take a batch of one stream."""
    if stream not in STREAMS:
        return _refusal(request, "Такого потока нет", status=404)
    answer = batch_receive(
        node_id=_key(request).node_id,
        stream=PushStream(stream),
        body=body_read(_content(request)),
        at=timezone.now(),
    )
    return api.create_response(request, answer.body, status=answer.status)


def _key(request: HttpRequest) -> ExchangeKey:
    key: ExchangeKey = request.auth  # type: ignore[attr-defined]
    return key


def _content(request: HttpRequest) -> bytes:
    """Read past Django's own limit of memory. Raises BodyRefused."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise BodyRefused("Тело запроса присылают без сжатия", status=415)
    raw = request.read(BODY_LIMIT + 1)
    if len(raw) > BODY_LIMIT:
        raise BodyRefused("Тело запроса больше 16 МБ: разделите пакет", status=413)
    return raw


def _refusal(request: HttpRequest, text: str, *, status: int) -> HttpResponse:
    return api.create_response(request, {"error": text}, status=status)


@api.exception_handler(BodyRefused)
@api.exception_handler(KeyRefused)
def _refused(request: HttpRequest, refusal: BodyRefused | KeyRefused) -> HttpResponse:
    log.info("push_refused", path=request.path, status=refusal.status, reason=str(refusal))
    return _refusal(request, str(refusal), status=refusal.status)


@api.exception_handler(AuthenticationError)
def _stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = _refusal(request, "Нужен заголовок Authorization: Bearer с ключом базы", status=401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(NodeBusy)
@api.exception_handler(OperationalError)
def _busy(request: HttpRequest, error: NodeBusy | OperationalError) -> HttpResponse:
    """A row in the hands of a person or of another base, or a database that is away: soon again."""
    if isinstance(error, OperationalError):
        log.warning("push_put_off", path=request.path, error=str(error))
    answer = _refusal(request, "База занята другой загрузкой, повторите позже", status=503)
    answer["Retry-After"] = _RETRY_AFTER
    return answer


@api.exception_handler(UnreadablePostError)
def _cut(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    return _refusal(request, "Тело запроса оборвано, повторите отправку", status=400)


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("push_failed", path=request.path, exc_info=error)
    number = current_trace().request_id
    text = f"Внутренняя ошибка портала, сообщите администратору (запрос {number})"
    return _refusal(request, text, status=500)


def _open(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """A base has a key and no session: the sign-in page is not for it."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback.login_required = False  # type: ignore[attr-defined]
    return patterns


_patterns, _app_name, _namespace = api.urls
urls = (_open(_patterns), _app_name, _namespace)
