"""Receivers of messages and the journal of what they were sent."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.crm.outward import AddressRefused, address_check
from integrations.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from integrations.services.webhook_endpoints import (
    endpoint_make,
    endpoint_resume,
    endpoint_secret_renew,
    endpoint_test,
)
from integrations.services.webhooks import deliveries_replay, deliveries_resend
from portal.lib.dates import MOSCOW
from portal.lib.readonly import ReadOnly

_CHOICES = [choice for choice in WebhookEvent.choices if choice[0] != WebhookEvent.TEST]
_MOST_AT_ONCE = 1_000


class EndpointForm(forms.ModelForm):
    """Where to and of what; the address is looked at as it is typed."""

    events = forms.MultipleChoiceField(
        label=gettext_lazy("О чём сообщать"), choices=_CHOICES, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("name", "url", "events", "is_active")

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        try:
            address_check(url)
        except AddressRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return url


class PeriodForm(forms.Form):
    """Days by the clock of Moscow, the last one included."""

    since = forms.DateField(label=gettext_lazy("С"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("По"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            raise forms.ValidationError(_("Начало периода позже его конца."))
        return data


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(admin.ModelAdmin):
    """Made here with a secret that is shown once; tested, resumed and replayed from here."""

    form = EndpointForm
    change_form_template = "admin/integrations/webhookendpoint/change_form.html"
    list_display = ("name", "url", "is_active", "paused_at", "paused_reason")
    list_filter = ("is_active",)
    search_fields = ("name", "url")
    ordering = ("name", "pk")
    readonly_fields = ("failures", "paused_at", "paused_reason")
    actions = ("test", "resume", "renew_secret")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        typed = ("name", "url", "events", "is_active")
        return typed if obj is None else (*typed, *self.readonly_fields)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=["name", "url", "events", "is_active"])
            return
        made, obj.told = endpoint_make(name=obj.name, url=obj.url, events=obj.events, at=timezone.now())
        obj.pk = made.pk
        if not obj.is_active:
            WebhookEndpoint.objects.filter(pk=made.pk).update(is_active=False)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._secret(request, _("Получатель создан"), obj.told)

    def _secret(self, request: HttpRequest, title: str, told: str) -> HttpResponse:
        """The secret itself, here and never again: no message keeps it, no cache."""
        context = self.admin_site.each_context(request) | {"opts": self.opts, "title": title, "told": told}
        answer = TemplateResponse(request, "admin/integrations/webhookendpoint/secret.html", context)
        patch_cache_control(answer, private=True, no_store=True)
        return answer

    @admin.action(description=gettext_lazy("Послать проверочное сообщение"), permissions=["change"])
    def test(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset.order_by("pk"):
            endpoint_test(endpoint_id=endpoint.pk, at=timezone.now())
        self.message_user(request, _("Сообщение ушло, ответ смотрите в журнале вебхуков."), messages.SUCCESS)

    @admin.action(description=gettext_lazy("Возобновить отправку"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        for endpoint in queryset.order_by("pk"):
            count = endpoint_resume(endpoint_id=endpoint.pk, at=timezone.now())
            text = _("«%(name)s»: сообщений ждало %(count)s") % {"name": endpoint.name, "count": count}
            self.message_user(request, text, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Выдать новый секрет"), permissions=["change"])
    def renew_secret(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> HttpResponse | None:
        if queryset.count() != 1:
            self.message_user(request, _("Выберите одного получателя."), messages.WARNING)
            return None
        told = endpoint_secret_renew(endpoint_id=queryset.get().pk)
        return self._secret(request, _("Новый секрет"), told)

    def get_urls(self) -> list[URLPattern]:
        screen = self.admin_site.admin_view(self.replay_view)
        name = "integrations_webhookendpoint_replay"
        return [path("<int:pk>/replay/", screen, name=name), *super().get_urls()]

    def replay_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Messages of a period once more."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
        form = PeriodForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            days = form.cleaned_data
            count = deliveries_replay(
                endpoint_id=pk,
                since=datetime.combine(days["since"], time(), MOSCOW),
                until=datetime.combine(days["until"] + timedelta(days=1), time(), MOSCOW),
                at=timezone.now(),
            )
            messages.success(request, _("Уйдёт снова сообщений: %(count)s") % {"count": count})
            return redirect("admin:integrations_webhookendpoint_change", pk)
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("Послать снова за период"),
            "endpoint": endpoint,
            "form": form,
        }
        return TemplateResponse(request, "admin/integrations/webhookendpoint/replay.html", context)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnly, admin.ModelAdmin):
    """What was sent and what came back; anything may be sent again."""

    list_display = ("created_at", "endpoint", "event", "subject", "state", "tries", "moment")
    list_select_related = ("endpoint",)
    list_filter = ("state", "event", "endpoint")
    search_fields = ("=subject", "=key")
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    actions = ("send_again",)
    fields = (
        "endpoint", "sequence", "event", "subject", "key", "state", "attempts", "created_at", "next_at",
        "sent_at", "last_status", "last_answer", "body",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        return super().get_queryset(request).defer("body", "last_answer")

    @admin.display(description=gettext_lazy("попыток, код ответа"), ordering="attempts")
    def tries(self, delivery: WebhookDelivery) -> str:
        if delivery.last_status is None:
            return str(delivery.attempts)
        return f"{delivery.attempts}, {delivery.last_status}"

    @admin.display(description=gettext_lazy("доставлено или уйдёт"), ordering=Coalesce("next_at", "sent_at"))
    def moment(self, delivery: WebhookDelivery) -> datetime | None:
        """One of the two at most: what waits has not been delivered, or goes once more."""
        return delivery.next_at or delivery.sent_at

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("integrations.change_webhookendpoint")

    @admin.action(description=gettext_lazy("Послать снова"), permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        pks = list(queryset.order_by("sequence").values_list("pk", flat=True)[:_MOST_AT_ONCE])
        count = deliveries_resend(delivery_ids=pks, at=timezone.now())
        self.message_user(request, _("Уйдёт снова сообщений: %(count)s") % {"count": count}, messages.SUCCESS)
