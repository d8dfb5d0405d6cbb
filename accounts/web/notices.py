"""The inbox of a person and how far notices go."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Notice, User
from accounts.notices import MONEY_KINDS, STAFF_KINDS, NoticeKind, Preset
from accounts.permissions import Permission
from accounts.selectors.notices import (
    BELL_ROWS,
    by_subject,
    letter_times,
    notice_days,
    notice_rows,
    notice_settings,
    unread_count,
)
from accounts.services.notices import (
    notice_preset_apply,
    notice_read,
    notice_settings_save,
    notices_read,
)
from accounts.web.notice_forms import NoticeFilter, NoticePresetForm, NoticeSettingsForm
from accounts.web.views import own_account
from counterparties.actor import Actor
from finance.selectors.alerts import may_choose_readers


@require_safe
@own_account
def notices(request: HttpRequest) -> HttpResponse:
    """The newest first, by day; what has not been read is marked."""
    user = cast(User, request.user)
    form = NoticeFilter(request.GET, kinds=kinds_offered(_actor(request)))
    rows = notice_rows(user_id=user.pk, kind=form.kind_chosen, is_unread=form.is_unread)
    page = Paginator(rows, form.page_size).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "days": notice_days(page, user=user, at=timezone.now()),
        "form": form,
        "area": "notices",
    }
    return render(request, "accounts/notices.html", context)


@require_safe
@own_account
def bell(request: HttpRequest) -> HttpResponse:
    """The newest few, for the bell that was opened; without htmx the whole inbox."""
    if not _is_htmx(request):
        answer: HttpResponse = redirect("accounts:notices")
    else:
        answer = _bell(request)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_POST
@own_account
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a line as read and go to what it tells of."""
    return redirect(_read(request, pk).address or "accounts:notices")


@require_POST
@own_account
def notice_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a line as read and stay; htmx: the line again and the number on the bell."""
    notice = _read(request, pk)
    if not _is_htmx(request):
        return redirect("accounts:notices")
    user = cast(User, request.user)
    context = {"notice": notice, "unread": unread_count(user_id=user.pk)}
    return render(request, "accounts/_notice_marked.html", context)


@require_POST
@own_account
def notices_all_read(request: HttpRequest) -> HttpResponse:
    """Mark all that there is by now; htmx: the opened bell again."""
    notices_read(user_id=cast(User, request.user).pk, at=timezone.now())
    return _bell(request) if _is_htmx(request) else redirect("accounts:notices")


@require_http_methods(["GET", "HEAD", "POST"])
@own_account
def settings(request: HttpRequest) -> HttpResponse:
    """How far each kind goes, and when letters come."""
    user = cast(User, request.user)
    rows, hours = notice_settings(user_id=user.pk, kinds=kinds_offered(_actor(request)))
    form = NoticeSettingsForm(
        request.POST if request.method == "POST" else None,
        rows=rows,
        user=user,
        times=letter_times(user_id=user.pk),
        initial={"start": hours.start, "end": hours.end} if hours else {},
    )
    if request.method == "POST" and form.is_valid():
        notice_settings_save(
            user_id=user.pk,
            mailed=form.mailed,
            digested=form.digested,
            kinds=form.kinds,
            quiet_hours=form.quiet_hours,
            language=form.chosen_language,
            plan=form.plan,
        )
        messages.success(request, _("Настройки уведомлений сохранены."))
        return redirect("accounts:notice_settings")
    context = {
        "groups": by_subject(rows),
        "form": form,
        "presets": Preset.choices,
        "may_choose_readers": may_choose_readers(_actor(request)),
        "area": "notices",
    }
    return render(request, "accounts/notice_settings.html", context, status=422 if form.errors else 200)


@require_POST
@own_account
def preset(request: HttpRequest) -> HttpResponse:
    """Choose for all kinds at once."""
    form = NoticePresetForm(request.POST)
    if not form.is_valid():
        raise Http404
    kinds = kinds_offered(_actor(request))
    notice_preset_apply(user_id=cast(User, request.user).pk, preset=form.chosen, kinds=kinds)
    messages.success(request, _("Настройки уведомлений сохранены."))
    return redirect("accounts:notice_settings")


def kinds_offered(actor: Actor) -> list[NoticeKind]:
    """What the person chooses of: of money only where he sees it, of the employees' kinds as one of them."""
    if actor.is_employee:
        return [kind for kind in NoticeKind if kind in STAFF_KINDS]
    sees_money = actor.can(Permission.FINANCE_VIEW)
    hidden = STAFF_KINDS if sees_money else STAFF_KINDS | MONEY_KINDS
    return [kind for kind in NoticeKind if kind not in hidden]


def _read(request: HttpRequest, pk: int) -> Notice:
    try:
        return notice_read(user_id=cast(User, request.user).pk, notice_id=pk, at=timezone.now())
    except Notice.DoesNotExist as error:
        raise Http404 from error


def _bell(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    newest = list(notice_rows(user_id=user.pk)[:BELL_ROWS])
    days = notice_days(newest, user=user, at=timezone.now())
    context = {"days": days, "unread": unread_count(user_id=user.pk)}
    return render(request, "accounts/_bell.html", context)


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.actor)  # type: ignore[attr-defined]
