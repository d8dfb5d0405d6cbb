"""The one address that 1C knows. Every answer is text with status 200; the first word decides."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from integrations.models import ExchangeSession, SessionKind
from integrations.onec.answers import OneCResponse, OrdersResponse, failure, progress, success
from integrations.onec.credentials import request_credentials
from integrations.onec.info_xml import info_document
from integrations.onec.parameters import query_parameters
from integrations.onec.refusal import ExchangeRefusal
from integrations.services.orders import orders_accept, orders_offer
from integrations.services.polls import import_wait
from integrations.services.runs import runs_end
from integrations.services.sessions import session_open, session_resume, session_start
from integrations.services.uploads import upload_append
from portal.audit.middleware import client_ip
from portal.lib.trace import current_trace

COOKIE_NAME = "onec_session"
_UNSUPPORTED = "Портал не поддерживает запрос type={}, mode={}"
_LENGTH = re.compile(r"[0-9]{1,18}")
_TIMESTAMP = re.compile(r"[0-9]{9,10}")

log = structlog.get_logger()

Parameters = dict[str, str]
Step = Callable[[HttpRequest, ExchangeSession, Parameters], HttpResponse]


@csrf_exempt
@login_not_required
def onec_exchange(request: HttpRequest) -> HttpResponse:
    """Answer 1C. Nothing may leave here as a page, a redirect or a status other than 200."""
    try:
        return _answer(request, query_parameters(request))
    except ExchangeRefusal as refusal:
        log.info("exchange_refused", query=request.META.get("QUERY_STRING", ""), reason=str(refusal))
        return failure(str(refusal))
    except UnreadablePostError:
        return failure("Тело запроса оборвано, повторите отправку")
    except Exception:
        log.exception("exchange_failed", query=request.META.get("QUERY_STRING", ""))
        number = current_trace().request_id
        return failure(f"Внутренняя ошибка портала, сообщите администратору (запрос {number})")


def _answer(request: HttpRequest, parameters: Parameters) -> HttpResponse:
    kind, mode = parameters.get("type", ""), parameters.get("mode", "")
    if mode == "checkauth":
        if kind not in SessionKind.values:
            raise ExchangeRefusal(_UNSUPPORTED.format(kind[:20], mode))
        return _check_auth(request, SessionKind(kind))
    session = session_resume(
        credentials=request_credentials(request),
        token=request.COOKIES.get(COOKIE_NAME) or parameters.get("sessid", ""),
        at=timezone.now(),
    )
    step = _STEPS.get((kind, mode))
    if step is None:
        raise ExchangeRefusal(_UNSUPPORTED.format(kind[:20], mode[:20]))
    return step(request, session, parameters)


def _check_auth(request: HttpRequest, kind: SessionKind) -> OneCResponse:
    """1C makes its cookie of lines 2 and 3 and sends the rest of line 4 back as a parameter.

    Line 5 is for Bitrix' module: the beginning of an export, which comes back with `deactivate`.
    """
    session = session_open(
        credentials=request_credentials(request), kind=kind, ip=client_ip(request), at=timezone.now()
    )
    lines = [COOKIE_NAME, session.token.hex, f"sessid={session.token.hex}"]
    if kind is SessionKind.CATALOG:
        lines.append(f"timestamp={int(session.started_at.timestamp())}")
    return success(*lines)


def _init(request: HttpRequest, session: ExchangeSession, parameters: Parameters) -> OneCResponse:
    """Exactly two lines: UT counts them."""
    is_zip, limit = session_start(session=session)
    return OneCResponse(f"zip={'yes' if is_zip else 'no'}", f"file_limit={limit}")


def _file(request: HttpRequest, session: ExchangeSession, parameters: Parameters) -> OneCResponse:
    length = request.META.get("CONTENT_LENGTH") or ""
    if request.method != "POST" or not _LENGTH.fullmatch(length):
        raise ExchangeRefusal("Файл передаётся методом POST с длиной в Content-Length")
    upload_append(
        session=session,
        name=parameters.get("filename", ""),
        stream=request,
        length=int(length),
        at=timezone.now(),
    )
    return success()


def _import(request: HttpRequest, session: ExchangeSession, parameters: Parameters) -> OneCResponse:
    answer = import_wait(
        session=session, name=parameters.get("filename", ""), seconds=settings.EXCHANGE_POLL_SECONDS
    )
    if answer.word == "success":
        return success(answer.text)
    return progress(answer.text) if answer.word == "progress" else failure(answer.text)


def _complete(request: HttpRequest, session: ExchangeSession, parameters: Parameters) -> OneCResponse:
    """Bitrix' module says that the whole tree has come; every file is in the catalogue already."""
    runs_end(node=session.node, at=timezone.now())
    return success()


def _deactivate(request: HttpRequest, session: ExchangeSession, parameters: Parameters) -> OneCResponse:
    """Bitrix' module says that all goods have come since the moment it was told at the sign-in."""
    told = parameters.get("timestamp", "")
    if not _TIMESTAMP.fullmatch(told):
        raise ExchangeRefusal("В запросе deactivate нет момента начала выгрузки (параметр timestamp)")
    runs_end(node=session.node, at=timezone.now(), whole_since=datetime.fromtimestamp(int(told), tz=UTC))
    return success()


def _query(request: HttpRequest, session: ExchangeSession, parameters: Parameters) -> OrdersResponse:
    return OrdersResponse(
        orders_offer(session=session, at=timezone.now()), encoding=session.node.query_encoding
    )


def _info(request: HttpRequest, session: ExchangeSession, parameters: Parameters) -> OrdersResponse:
    """«Загрузить с сайта»: which states, ways to pay and to get the goods there are here."""
    encoding = session.node.query_encoding
    return OrdersResponse(info_document(encoding=encoding), encoding=encoding)


def _success(request: HttpRequest, session: ExchangeSession, parameters: Parameters) -> OneCResponse:
    taken = orders_accept(session=session, at=timezone.now())
    return success(f"Принято заказов: {taken}")


_STEPS: dict[tuple[str, str], Step] = {
    ("catalog", "init"): _init,
    ("catalog", "file"): _file,
    ("catalog", "import"): _import,
    ("catalog", "complete"): _complete,
    ("catalog", "deactivate"): _deactivate,
    ("sale", "init"): _init,
    ("sale", "info"): _info,
    ("sale", "query"): _query,
    ("sale", "success"): _success,
    ("sale", "file"): _file,
    ("sale", "import"): _import,
}
