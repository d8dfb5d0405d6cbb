"""Administration of people, of how they sign in and of letters to them."""

from datetime import date
from smtplib import SMTPException
from typing import Any
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialToken
from allauth.usersessions.models import UserSession
from csp.constants import NONE, SELF
from csp.decorators import csp
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST

from accounts.letter_samples import SAMPLES, LetterSample
from accounts.models import (
    Digest,
    Language,
    LetterTimes,
    Notice,
    NoticeRule,
    NoticeSetting,
    QuietHours,
    SentLetter,
    User,
)
from accounts.notices import NoticeKind, channels_of
from accounts.services import second_factor_reset
from counterparties.models import CompanySignIn
from portal.lib.mail import RenderedLetter, letter_render, mail_send
from portal.lib.readonly import ReadOnly

LETTER_POLICY = {
    "default-src": [NONE],
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "sandbox": [True],
}
"""A letter shown in a frame: nothing but its own style."""

# Secrets and sessions are nobody's to read or to edit by hand; what an administrator may do to them
# is an action on the person.
for hidden in (Authenticator, SocialAccount, SocialToken, UserSession):
    admin.site.unregister(hidden)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """People without a user name: everything goes by e-mail."""

    list_display = ("email", "full_name", "position", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "full_name", "phone")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Кто это"), {"fields": ("full_name", "position", "phone", "language", "time_zone")}),
        (_("Доступ"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Даты"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "full_name", "password1", "password2", "is_staff")}),)
    actions = ("reset_second_factor",)

    @admin.action(description=_("Снять второй шаг входа и завершить сеансы"), permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For who lost the telephone and has no codes left."""
        for pk in queryset.order_by("pk").values_list("pk", flat=True):
            second_factor_reset(user_id=pk)
        self.message_user(request, _("Второй шаг снят, сеансы завершены."), messages.SUCCESS)


@admin.register(CompanySignIn)
class CompanySignInAdmin(admin.ModelAdmin):
    """Which server vouches for people of which mail domain; the server itself is a social application."""

    list_display = ("email_domain", "holding", "app", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("holding", "app")
    search_fields = ("email_domain", "holding__name")
    autocomplete_fields = ("holding",)


class ToWhom:
    """Mixin of lists whose rows are a person's."""

    @admin.display(description=_("кому"), ordering="user__full_name")
    def person(self, row: Any) -> str:
        return str(row.user)


@admin.register(Notice)
class NoticeAdmin(ToWhom, ReadOnly, admin.ModelAdmin):
    """What people were told, how far it went, and whether they have read it."""

    list_display = ("created_at", "person", "kind", "title", "channel", "digest_day", "read_at")
    list_select_related = ("user", "digest")
    list_filter = ("channel", "kind")
    search_fields = ("user__email", "title", "reference")
    ordering = ("-created_at", "-pk")
    show_full_result_count = False

    @admin.display(description=_("в сводке"))
    def digest_day(self, row: Notice) -> date | None:
        return row.digest.day if row.digest else None


class NoticeRuleForm(forms.ModelForm):
    """A kind that the portal knows, and a channel that the kind may go by."""

    kind = forms.ChoiceField(label=_("О чем"), choices=NoticeKind)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        kind, channel = told.get("kind"), told.get("channel")
        if kind and channel and channel not in channels_of(NoticeKind(kind)):
            self.add_error("channel", _("Для этого вида уведомлений сводки нет."))
        return told


@admin.register(NoticeRule)
class NoticeRuleAdmin(admin.ModelAdmin):
    """How far notices go to people who have not chosen themselves; new people among them."""

    form = NoticeRuleForm
    list_display = ("title", "channel")
    ordering = ("kind",)

    @admin.display(description=_("о чем"), ordering="kind")
    def title(self, row: NoticeRule) -> str:
        return str(NoticeKind(row.kind).label) if row.kind in NoticeKind.values else row.kind


@admin.register(Digest)
class DigestAdmin(ToWhom, ReadOnly, admin.ModelAdmin):
    """Which digests went to whom, and of how many lines."""

    list_display = ("day", "person", "due_at", "ordered_at", "lines")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    date_hierarchy = "day"
    ordering = ("-day", "user")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Digest]:
        lines = Notice.objects.filter(digest=OuterRef("pk")).values("digest")
        counted = Coalesce(Subquery(lines.annotate(lines=Count("pk")).values("lines")), 0)
        rows: QuerySet[Digest] = super().get_queryset(request)
        return rows.annotate(line_count=counted)

    @admin.display(description=_("уведомлений"))
    def lines(self, row: Digest) -> int:
        return int(row.line_count)  # type: ignore[attr-defined]


@admin.register(LetterTimes)
class LetterTimesAdmin(ToWhom, ReadOnly, admin.ModelAdmin):
    list_display = ("person", "rhythm", "weekday", "hour", "silent_until")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("user",)


@admin.register(NoticeSetting)
class NoticeSettingAdmin(ToWhom, ReadOnly, admin.ModelAdmin):
    list_display = ("person", "kind", "channel")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("user", "kind")


@admin.register(QuietHours)
class QuietHoursAdmin(ToWhom, ReadOnly, admin.ModelAdmin):
    list_display = ("person", "start", "end")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    ordering = ("user",)


@admin.register(SentLetter)
class SentLetterAdmin(ReadOnly, admin.ModelAdmin):
    """Which letters went out lately, and samples of every letter as a designer wants to see them."""

    change_list_template = "admin/accounts/sentletter/change_list.html"
    list_display = ("sent_at", "title", "address", "language")
    list_filter = ("letter", "language")
    search_fields = ("address",)
    ordering = ("-sent_at", "pk")
    show_full_result_count = False

    @admin.display(description=_("письмо"))
    def title(self, row: SentLetter) -> str:
        return str(SAMPLES[row.letter].title) if row.letter in SAMPLES else row.letter

    def get_urls(self) -> list[URLPattern]:
        one = "samples/<str:letter>/<str:language>/"
        guarded = self.admin_site.admin_view
        framed = xframe_options_sameorigin(require_GET(self.body_view))
        body = csp(LETTER_POLICY)(framed)  # type: ignore[arg-type]
        return [
            path("samples/", guarded(require_GET(self.samples_view)), name="accounts_sentletter_samples"),
            path(one, guarded(require_GET(self.sample_view)), name="accounts_sentletter_sample"),
            path(f"{one}html/", guarded(body), name="accounts_sentletter_body"),
            path(f"{one}send/", guarded(require_POST(self.send_view)), name="accounts_sentletter_send"),
            *super().get_urls(),
        ]

    def samples_view(self, request: HttpRequest) -> HttpResponse:
        """All letters by name, each in both languages."""
        context = self._context(request, _t("Образцы писем"))
        return TemplateResponse(
            request,
            "admin/accounts/sentletter/samples.html",
            {**context, "samples": SAMPLES, "languages": Language.choices},
        )

    def sample_view(self, request: HttpRequest, letter: str, language: str) -> HttpResponse:
        """One letter: subject, HTML as wide and narrow screens show it, text."""
        rendered, sample = self._rendered(request, letter, language)
        context = self._context(request, str(sample.title))
        return TemplateResponse(
            request,
            "admin/accounts/sentletter/sample.html",
            {
                **context,
                "letter": letter,
                "language": language,
                "languages": Language.choices,
                "rendered": rendered,
            },
        )

    def body_view(self, request: HttpRequest, letter: str, language: str) -> HttpResponse:
        """The HTML alone, under rules of its own: it carries its style, runs nothing and loads nothing."""
        return HttpResponse(self._rendered(request, letter, language)[0].html)

    def send_view(self, request: HttpRequest, letter: str, language: str) -> HttpResponse:
        """Send the sample to the administrator: how the letter looks in his own mail program."""
        rendered, sample = self._rendered(request, letter, language)
        email = request.user.email  # type: ignore[union-attr]
        try:
            mail_send(
                key=f"sample:{uuid4()}",
                to=[email],
                template=letter,
                context=sample.context,
                subject=_t("Образец: {subject}").format(subject=rendered.subject),
                language=language,
            )
        except (OSError, SMTPException) as error:
            messages.error(request, _t("Почтовый сервер не принял письмо: {error}").format(error=error))
        else:
            messages.success(request, _t("Образец отправлен на {email}.").format(email=email))
        return redirect("admin:accounts_sentletter_sample", letter=letter, language=language)

    def _rendered(
        self, request: HttpRequest, letter: str, language: str
    ) -> tuple[RenderedLetter, LetterSample]:
        self._require_view(request)
        sample = SAMPLES.get(letter)
        if sample is None or language not in Language.values:
            raise Http404
        refusal = "https://portal.example/accounts/unsubscribe/1:abc/" if sample.may_be_refused else ""
        return letter_render(letter, {**sample.context, "unsubscribe": refusal}, language=language), sample

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        self._require_view(request)
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
