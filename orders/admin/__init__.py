"""Orders for the administrator: to look at and to confirm, never to edit."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from orders.admin import claims, codes, delivery, minimums, reviews, shipments
from orders.admin.erp import ErpDocumentInline, ErpLineInline
from orders.models import Order, OrderLine, OrderPart, OrderStep
from orders.refusals import OrderRefused
from orders.services import WrongState, order_confirm
from portal.lib.money import format_money, format_quantity, vat_label
from portal.lib.readonly import ReadOnly

__all__ = ["OrderAdmin", "OrderPartAdmin", "claims", "codes", "delivery", "minimums", "reviews", "shipments"]


class PartInline(ReadOnly, admin.TabularInline):
    model = OrderPart
    extra = 0
    fields = ("number", "warehouse", "vat_percent", "total", "erp_number", "accepted_at")
    show_change_link = True


class LineInline(ReadOnly, admin.TabularInline):
    model = OrderLine
    extra = 0
    fields = ("position", "article", "name", "quantity", "unit_name", "price", "net", "vat", "gross")


class StepInline(ReadOnly, admin.TabularInline):
    model = OrderStep
    extra = 0
    fields = ("at", "state", "user", "acting_user", "comment")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderStep]:
        return super().get_queryset(request).select_related("user", "acting_user").order_by("pk")


@admin.register(Order)
class OrderAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "number", "origin", "submitted_at", "holding", "legal_entity", "state", "total", "created_by",
    )  # fmt: skip
    list_select_related = ("holding", "legal_entity", "created_by")
    list_filter = ("state", "origin", "organization", "city")
    search_fields = ("number", "erp_number", "client_reference", "legal_entity__name", "legal_entity__inn")
    date_hierarchy = "submitted_at"
    ordering = ("-submitted_at", "-pk")
    show_full_result_count = False
    inlines = (PartInline, StepInline)
    actions = ("confirm",)
    fields = (
        "number",
        "origin",
        "erp_number",
        "state",
        "holding",
        "legal_entity",
        "contract",
        "organization",
        "city",
        "delivery_text",
        "comment",
        "client_reference",
        "total",
        "vat_total",
        "currency",
        "created_by",
        "acting_user",
        "submitted_at",
        "confirmed_at",
        "lines_table",
    )
    readonly_fields = ("lines_table",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """An employee with rights in the admin sees the orders of the clients he serves."""
        orders: QuerySet[Order] = super().get_queryset(request)
        return orders.filter(pk__in=Order.objects.visible_to(request.actor))  # type: ignore[attr-defined]

    @admin.display(description=_("строки"))
    def lines_table(self, order: Order) -> SafeString:
        """All lines of all parts: the admin has no inlines inside inlines."""
        lines = OrderLine.objects.filter(part__order=order).select_related("part").order_by("position", "pk")
        rows = format_html_join(
            "",
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{} {}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            (
                (
                    line.part.number,
                    line.article,
                    line.name,
                    format_quantity(line.quantity),
                    line.unit_name,
                    line.price_text,
                    vat_label(line.vat_percent),
                    format_money(line.gross),
                )
                for line in lines
            ),
        )
        return format_html("<table>{}</table>", rows)

    @admin.action(description=_("Подтвердить"))
    def confirm(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        """Take the chosen orders to work; those that cannot be are named."""
        late: list[str] = []
        refused: list[str] = []
        done = 0
        for order in queryset.order_by("pk"):
            try:
                order_confirm(
                    order_id=order.pk,
                    actor=request.actor,  # type: ignore[attr-defined]
                    at=timezone.now(),
                )
                done += 1
            except WrongState:
                late.append(order.number)
            except OrderRefused as refusal:
                refused.append(f"{order.number}: {refusal}")
        if done or not refused:
            text = _("Подтверждено заказов: {count}.").format(count=done)
            self.message_user(request, text, messages.SUCCESS)
        for text in refused:
            self.message_user(request, text, messages.ERROR)
        if late:
            text = _("Уже не ждут подтверждения: {numbers}.").format(numbers=", ".join(late))
            self.message_user(request, text, messages.WARNING)


@admin.register(OrderPart)
class OrderPartAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("number", "order", "warehouse", "vat_percent", "total", "erp_number", "accepted_at")
    list_select_related = ("order", "warehouse")
    list_filter = (("accepted_at", admin.EmptyFieldListFilter), "warehouse")
    search_fields = ("number", "erp_number")
    ordering = ("-pk",)
    show_full_result_count = False
    inlines = (LineInline, ErpLineInline, ErpDocumentInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OrderPart]:
        """Parts of the orders that the employee may see."""
        parts: QuerySet[OrderPart] = super().get_queryset(request)
        return parts.filter(order__in=Order.objects.visible_to(request.actor))  # type: ignore[attr-defined]
