"""Talks of both sides: the client's list, a new one, one talk with its files."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterparties.actor import AccessDenied, Actor
from counterparties.models import MessageFile, Thread, ThreadKind
from counterparties.selectors.talk import (
    ThreadCard,
    file_seen,
    newer_than,
    thread_about,
    thread_card,
    thread_row,
    threads_found,
)
from counterparties.services import thread_moves
from counterparties.services.message_letters import thread_address
from counterparties.services.threads import message_write, thread_write
from counterparties.talk_refusals import TalkRefused
from counterparties.web.access import cabinet
from counterparties.web.forms.talk import FORMS, MessageForm, TalkSearch
from counterparties.web.middleware import PortalRequest
from counterparties.web.subjects import talk_subject
from counterparties.working_hours import IsWorking
from finance.workdays import work_days
from portal.files.serving import FileDamaged, file_response
from portal.lib.dates import moscow_date

PER_PAGE = 30
_LONGEST_PAGE = 5
_DAMAGED = "Файл повреждён, администратор уже знает об этом. Попросите прислать его ещё раз."


@require_safe
@cabinet
def threads(request: PortalRequest) -> HttpResponse:
    """The client's talks, the newest first."""
    form, now = TalkSearch(request.GET), timezone.now()
    found = threads_found(actor=request.actor, chosen=form.chosen())
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [thread_row(one, at=now) for one in page.object_list]
    context = {"form": form, "page": page, "rows": rows, "is_filtered": any(request.GET.values())}
    return render(request, "counterparties/talk/list.html", {**context, "area": "messages"})


@require_http_methods(["GET", "HEAD", "POST"])
def thread_start(request: PortalRequest) -> HttpResponse:
    """Write about a thing (`about`); where there is a talk about it already, that one goes on."""
    require_side(request.actor)
    subject = talk_subject(request.actor, request.GET.get("about", ""))
    kind = request.GET.get("kind", "")
    kind = kind if kind in ThreadKind.values and request.actor.is_client else ThreadKind.QUESTION
    person_id = (subject.person_id or request.actor.user_id) if subject.is_personal else None
    known = thread_about(
        actor=request.actor,
        reference=subject.reference,
        holding_id=subject.holding_id,
        person_id=person_id,
    )
    if known is not None and kind == ThreadKind.QUESTION and request.method != "POST":
        return redirect(thread_address(known) + "#answer")
    form = _bound(FORMS[kind], request)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            thread = thread_write(
                actor=request.actor, subject=subject, words=form.words(), calendar=calendar(now), at=now
            )
        except Thread.DoesNotExist as error:  # a colleague's talk of the same thing
            raise Http404 from error
        except TalkRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(thread_address(thread))
    context = {"form": form, "subject": subject, "kind": ThreadKind(kind), "area": "messages"}
    status = 422 if form.errors else 200
    return render(request, "counterparties/talk/start.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: PortalRequest, uid: UUID) -> HttpResponse:
    """One talk; POST answers in it."""
    card, now = card_or_404(request, uid), timezone.now()
    form = _bound(MessageForm, request)
    if request.method == "POST" and form.is_valid():
        try:
            message_write(
                actor=request.actor,
                thread_id=card.thread.pk,
                words=form.words(),
                calendar=calendar(now),
                at=now,
            )
        except Thread.DoesNotExist as error:
            raise Http404 from error
        except TalkRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(thread_address(card.thread) + "#answer")
    _mark_read(request, card, now)
    context = {
        "card": card,
        "form": form,
        "colleagues": _colleagues(request.actor, card, now),
        "may_write": not request.actor.is_read_only,
        "area": "messages",
    }
    return render(request, "counterparties/talk/thread.html", context, status=422 if form.errors else 200)


@require_safe
def thread_lines(request: PortalRequest, uid: UUID) -> HttpResponse:
    """htmx, every few seconds: the lines again where something is new, else nothing."""
    require_side(request.actor)
    after = request.GET.get("after", "")
    after_pk = int(after) if after.isascii() and after.isdigit() and len(after) <= 15 else 0
    try:
        if not newer_than(actor=request.actor, uid=uid, message_pk=after_pk):
            return HttpResponse(status=204)
    except Thread.DoesNotExist as error:
        raise Http404 from error
    card = card_or_404(request, uid)
    _mark_read(request, card, timezone.now())
    return render(request, "counterparties/talk/_lines.html", {"card": card, "actor": request.actor})


@require_safe
def thread_file(request: PortalRequest, uid: UUID, file_pk: int) -> HttpResponseBase:
    """A file of a talk; `save` downloads what a browser would show."""
    require_side(request.actor)
    try:
        file = file_seen(actor=request.actor, uid=uid, file_pk=file_pk)
        return file_response(file.stored, filename=file.name, inline="save" not in request.GET)
    except MessageFile.DoesNotExist as error:
        raise Http404 from error
    except FileDamaged:
        return HttpResponse(_DAMAGED, status=503, content_type="text/plain; charset=utf-8")


@require_POST
def thread_close(request: PortalRequest, uid: UUID) -> HttpResponse:
    return moved(request, uid, thread_moves.thread_close, done=_("Вопрос закрыт."))


@require_POST
def thread_reopen(request: PortalRequest, uid: UUID) -> HttpResponse:
    return moved(request, uid, thread_moves.thread_reopen, done=_("Переписка снова открыта."))


def moved(
    request: PortalRequest, uid: UUID, move: Callable[..., Thread], *, done: str, **said: Any
) -> HttpResponse:
    """Do it and go back to the talk with what it came to."""
    require_side(request.actor)
    try:
        seen = Thread.objects.visible_to(request.actor).only("pk").get(uid=uid)
        move(actor=request.actor, thread_id=seen.pk, at=timezone.now(), **said)
    except Thread.DoesNotExist as error:
        raise Http404 from error
    except TalkRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(reverse("counterparties:thread", args=[uid]))


def card_or_404(request: PortalRequest, uid: UUID) -> ThreadCard:
    """Raises AccessDenied for one of neither side, Http404 for a foreign talk."""
    require_side(request.actor)
    page = request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= _LONGEST_PAGE else 1
    try:
        return thread_card(actor=request.actor, uid=uid, at=timezone.now(), page=max(number, 1))
    except Thread.DoesNotExist as error:
        raise Http404 from error


def require_side(actor: Actor) -> None:
    """Raises AccessDenied for one who is neither a client's person nor an employee."""
    if not (actor.is_client or actor.is_employee):
        raise AccessDenied("Страница для клиентов и их менеджеров")


def calendar(at: datetime) -> IsWorking:
    return work_days(since=moscow_date(at)).is_working


def _bound(form: type[MessageForm], request: PortalRequest) -> MessageForm:
    return form(request.POST, request.FILES) if request.method == "POST" else form()


def _mark_read(request: PortalRequest, card: ThreadCard, at: datetime) -> None:
    thread_moves.thread_read(
        actor=request.actor,
        thread=card.thread,
        upto=card.read_upto,
        address=thread_address(card.thread),
        at=at,
    )


def _colleagues(actor: Actor, card: ThreadCard, at: datetime) -> list[Any]:
    """To whom a manager may hand the talk over; one that nobody answers he takes himself."""
    if not actor.is_employee:
        return []
    held = thread_moves.colleagues_for(card.thread.holding_id, on=moscow_date(at))
    return [one for one in held if one.pk != (card.thread.taken_by_id or actor.user_id)]
