"""What was looked for: two reports, and a synonym in one step where nothing was found."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from catalog.models import SearchQueryDay
from catalog.models.dictionary import PHRASE_LENGTH
from catalog.selectors.queries import QueryPage, queries_asked, queries_empty
from catalog.services.dictionary import SynonymRefused, synonym_add

PERIODS = (7, 30, 90)
_USUAL_PERIOD = 30


@admin.register(SearchQueryDay)
class SearchQueryDayAdmin(admin.ModelAdmin):
    """Counted by the search, changed by nobody."""

    fields = ("day", "text", "asked", "found", "clicks", "carts")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        empty = self.admin_site.admin_view(self.empty_view)
        synonym = self.admin_site.admin_view(require_POST(self.synonym_view))
        return [
            path("empty/", empty, name="catalog_searchqueryday_empty"),
            path("empty/synonym/", synonym, name="catalog_searchqueryday_synonym"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """«Что искали»: texts of a period by how often they were asked."""
        return self._report(
            request, queries_asked(since=_since(request), page=_page(request)), is_empty=False
        )

    def empty_view(self, request: HttpRequest) -> HttpResponse:
        """«Ничего не нашлось»: the same of those that found nothing, each with a form for a synonym."""
        found = queries_empty(since=_since(request), page=_page(request))
        return self._report(request, found, is_empty=True)

    def synonym_view(self, request: HttpRequest) -> HttpResponse:
        """Make a synonym of a text that found nothing, and go back to the list."""
        if not request.user.has_perm("catalog.add_searchsynonym"):
            raise PermissionDenied
        try:
            synonym = synonym_add(
                phrase=request.POST.get("phrase", ""), meaning=request.POST.get("meaning", "")
            )
        except SynonymRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _t("Синоним добавлен: {synonym}.").format(synonym=synonym))
        kept = {name: request.POST[name] for name in ("days", "page") if request.POST.get(name)}
        return redirect(f"{reverse('admin:catalog_searchqueryday_empty')}?{urlencode(kept)}")

    def _report(self, request: HttpRequest, found: QueryPage, *, is_empty: bool) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _t("Ничего не нашлось") if is_empty else _t("Что искали"),
            "opts": self.opts,
            "found": found,
            "periods": PERIODS,
            "days": _days(request),
            "is_empty": is_empty,
            "may_teach": is_empty and request.user.has_perm("catalog.add_searchsynonym"),
            "phrase_length": PHRASE_LENGTH,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/catalog/searchqueryday/report.html", context)


def _days(request: HttpRequest) -> int:
    return {str(days): days for days in PERIODS}.get(request.GET.get("days", ""), _USUAL_PERIOD)


def _since(request: HttpRequest) -> date:
    return timezone.localdate() - timedelta(days=_days(request) - 1)


def _page(request: HttpRequest) -> str:
    return request.GET.get("page", "1")
