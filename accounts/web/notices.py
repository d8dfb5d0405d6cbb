"""The inbox of a person and what goes by mail."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.forms import NoticeSettingsForm
from accounts.models import Language, Notice, User
from accounts.selectors.notices import notice_rows, notice_settings
from accounts.services.notices import notice_read, notice_settings_save, notices_read
from accounts.web.views import own_account

PAGE = 30


@require_safe
@own_account
def notices(request: HttpRequest) -> HttpResponse:
    """The newest first; what has not been read is marked."""
    rows = notice_rows(user_id=cast(User, request.user).pk)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/notices.html", {"page_obj": page, "area": "notices"})


@require_POST
@own_account
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a line as read and go to what it tells of."""
    try:
        notice = notice_read(user_id=cast(User, request.user).pk, notice_id=pk, at=timezone.now())
    except Notice.DoesNotExist as error:
        raise Http404 from error
    return redirect(notice.address or "accounts:notices")


@require_POST
@own_account
def notices_all_read(request: HttpRequest) -> HttpResponse:
    """Mark all that there is by now."""
    notices_read(user_id=cast(User, request.user).pk, at=timezone.now())
    return redirect("accounts:notices")


@own_account
def settings(request: HttpRequest) -> HttpResponse:
    """What goes by mail, and when no letter comes."""
    user = cast(User, request.user)
    user_id = user.pk
    form = NoticeSettingsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        notice_settings_save(
            user_id=user_id,
            mailed=form.mailed,
            quiet_hours=form.quiet_hours,
            language=form.chosen_language,
        )
        messages.success(request, _("Настройки уведомлений сохранены."))
        return redirect("accounts:notice_settings")
    rows, hours = notice_settings(user_id=user_id)
    kept = (f"{hours.start:%H:%M}", f"{hours.end:%H:%M}") if hours else ("", "")
    start, end = (form["start"].value(), form["end"].value()) if form.is_bound else kept
    context = {
        "rows": rows,
        "start": start,
        "end": end,
        "languages": Language.choices,
        "language": form["language"].value() if form.is_bound else user.language,
        "form": form,
        "area": "notices",
    }
    return render(request, "accounts/notice_settings.html", context, status=422 if form.errors else 200)
