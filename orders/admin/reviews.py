"""Reviews: read before they are shown, answered, never rewritten."""

from typing import Any

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from orders.models import Review
from orders.refusals import ReasonMissing
from orders.services.reviews import review_reply, reviews_publish, reviews_reject

_CHOSEN = "_selected_action"


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    """Who wrote it and by which order is seen here and nowhere else."""

    list_display = ("product", "rating", "state", "author", "client", "created_at", "beginning")
    list_select_related = ("product", "author", "order__holding")
    list_filter = ("state", "rating")
    list_per_page = 50
    search_fields = ("product__article", "product__name", "text", "author__full_name", "author__email")
    search_help_text = _("Товар, артикул, слова отзыва или автор")
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    actions = ("publish", "reject")
    fields = (
        "product", "rating", "text", "pros", "cons", "state", "reason", "author", "client", "order",
        "created_at", "published_at", "reply",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name != "reply")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Review]:
        reviews: QuerySet[Review] = super().get_queryset(request)
        return reviews.filter(pk__in=Review.objects.visible_to(request.actor))  # type: ignore[attr-defined]

    @admin.display(description=_("клиент"), ordering="order__holding__name")
    def client(self, review: Review) -> str:
        return review.order.holding.name

    @admin.display(description=_("отзыв"))
    def beginning(self, review: Review) -> str:
        return review.text if len(review.text) < 80 else f"{review.text[:80]}…"

    def save_model(self, request: HttpRequest, obj: Review, form: Any, change: bool) -> None:
        review_reply(review_id=obj.pk, actor=request.actor, reply=obj.reply)  # type: ignore[attr-defined]

    @admin.action(description=_("Опубликовать"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Review]) -> None:
        ids = list(queryset.values_list("pk", flat=True))
        done = reviews_publish(
            review_ids=ids,
            actor=request.actor,  # type: ignore[attr-defined]
            at=timezone.now(),
        )
        self.message_user(request, _t("Опубликовано отзывов: {count}.").format(count=done), messages.SUCCESS)

    @admin.action(description=_("Отклонить с причиной"), permissions=["change"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Review]) -> HttpResponse | None:
        """Ask for the reason first; the same page comes back without one."""
        fault = ""
        if "reason" in request.POST:
            ids = list(queryset.values_list("pk", flat=True))
            try:
                done = reviews_reject(
                    review_ids=ids,
                    actor=request.actor,  # type: ignore[attr-defined]
                    reason=request.POST["reason"][: Review._meta.get_field("reason").max_length],
                )
            except ReasonMissing as refusal:
                fault = str(refusal)
            else:
                text = _t("Отклонено отзывов: {count}.").format(count=done)
                self.message_user(request, text, messages.SUCCESS)
                return None
        context = {
            **self.admin_site.each_context(request),
            "title": _t("Отклонить отзывы"),
            "opts": self.opts,
            "reviews": queryset.select_related("product"),
            "chosen_field": _CHOSEN,
            "fault": fault,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/orders/review/reject.html", context)
