"""What was done in a client's cabinet, in words for the client: the act, and what it was done to."""

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import City, Sku
from counterparties.models import LegalEntity, Visit
from orders.models import Cart, CartLine, Order

_WORDS = {
    "orders:cart_add": gettext_lazy("Добавлен товар в корзину"),
    "orders:cart_line": gettext_lazy("Изменено количество в корзине"),
    "orders:cart_clear": gettext_lazy("Очищена корзина"),
    "orders:picks": gettext_lazy("Указаны количества в списке товаров"),
    "orders:watch": gettext_lazy("Попросили сообщить о поступлении"),
    "orders:unwatch": gettext_lazy("Больше не ждут поступления"),
    "orders:watch_sku": gettext_lazy("Изменено, за чем следить у товара"),
    "orders:list_watch": gettext_lazy("Начали следить за списком товаров"),
    "orders:list_unwatch": gettext_lazy("Больше не следят за списком товаров"),
    "orders:price_unwatch": gettext_lazy("Больше не следят за ценой"),
    "orders:watches_move": gettext_lazy("Разобран список ожиданий"),
    "orders:review_write": gettext_lazy("Попытка написать отзыв"),
    "orders:checkout": gettext_lazy("Отправлен заказ"),
    "orders:cancel": gettext_lazy("Отменён заказ"),
    "orders:repeat": gettext_lazy("Заказ повторён в корзине"),
    "orders:change": gettext_lazy("Изменён заказ"),
    "orders:add_more": gettext_lazy("Начат дополнительный заказ"),
    "orders:change_decide": gettext_lazy("Отозвано изменение заказа"),
    "orders:shipment_new": gettext_lazy("Отправлена заявка на отгрузку"),
    "orders:shipment_move": gettext_lazy("Отменена заявка на отгрузку"),
    "orders:receive": gettext_lazy("Принята отгрузка"),
    "orders:draft_take": gettext_lazy("Черновик перенесён в корзину"),
    "orders:draft_dismiss": gettext_lazy("Черновик убран"),
    "catalog:look": gettext_lazy("Выбраны столбцы списка"),
    "catalog:city": gettext_lazy("Выбран город"),
    "counterparties:legal_entity": gettext_lazy("Выбрано юридическое лицо"),
    "counterparties:address_add": gettext_lazy("Добавлен адрес доставки"),
    "counterparties:address_edit": gettext_lazy("Изменён адрес доставки"),
    "counterparties:address_remove": gettext_lazy("Убран адрес доставки"),
    "counterparties:thread_start": gettext_lazy("Написано менеджеру"),
    "counterparties:thread": gettext_lazy("Написано в переписке"),
    "counterparties:thread_close": gettext_lazy("Закрыт вопрос"),
    "counterparties:thread_reopen": gettext_lazy("Вопрос открыт снова"),
    "counterparties:enter": gettext_lazy("Попытка войти в другой кабинет"),
    "counterparties:leave": gettext_lazy("Выход из кабинета"),
}
_ORDERS = frozenset(
    {"orders:add_more", "orders:cancel", "orders:change", "orders:repeat", "orders:confirm", "orders:payment"}
)
_CARTS = frozenset({"orders:cart_clear", "orders:draft_take", "orders:draft_dismiss"})


def what_was_asked(request: HttpRequest, view_name: str) -> str:
    """The act; an address without words of its own is named by its path."""
    if view_name == "orders:cart_line" and "remove" in request.POST:
        return _("Убран товар из корзины")
    if view_name == "orders:picks" and "to_cart" in request.POST:
        return _("Подобранные товары добавлены в корзину")
    if view_name == "orders:picks" and "clear" in request.POST:
        return _("Очищены количества в списке товаров")
    return str(_WORDS[view_name]) if view_name in _WORDS else f"{request.method} {request.path}"


def thing_before(request: HttpRequest, visit: Visit, match: ResolverMatch | None) -> str:
    """The thing as it was before the act, and only if it is the client's; at most one query."""
    name, pk = (match.view_name, int(match.kwargs.get("pk", 0))) if match else ("", 0)
    if name == "orders:cart_add":
        return _with_quantity(_named(Sku.objects.select_related("product"), request, "sku"), request)
    if name == "orders:watch":
        return _named(Sku.objects.select_related("product"), request, "sku")
    if name == "orders:cart_line":
        line = CartLine.objects.filter(pk=pk, cart__user_id=visit.person_id)
        found = line.select_related("sku__product").first()
        return _with_quantity(found.sku.name if found else "", request)
    if name == "orders:picks":
        typed = sum(1 for field, text in request.POST.items() if field.startswith("q-") and text)
        return _("позиций: {count}").format(count=typed) if typed else ""
    if name in _ORDERS:
        return _first(Order.objects.filter(pk=pk, holding_id=visit.holding_id))
    if name in _CARTS:
        own = Cart.objects.filter(pk=pk, user_id=visit.person_id).select_related("legal_entity").first()
        return own.legal_entity.name if own else ""
    if name == "catalog:city":
        return _named(City.objects.all(), request, "city")
    if name == "counterparties:legal_entity":
        own_entities = LegalEntity.objects.filter(holding_id=visit.holding_id)
        return _named(own_entities, request, "legal_entity")
    return ""


def thing_sent(visit: Visit, view_name: str, response: HttpResponse) -> str:
    """The order that came of sending a cart: its page is where the answer leads."""
    if view_name != "orders:checkout" or response.status_code != 302:
        return ""
    try:
        match = resolve(response["Location"])
    except Resolver404:
        return ""
    if match.view_name != "orders:detail":
        return ""
    return _first(Order.objects.filter(pk=match.kwargs["pk"], holding_id=visit.holding_id))


def _named(rows: QuerySet[Model], request: HttpRequest, field: str) -> str:
    sent = request.POST.get(field, "")
    return _first(rows.filter(pk=int(sent))) if sent.isascii() and sent.isdigit() and len(sent) < 10 else ""


def _first(rows: QuerySet[Model]) -> str:
    found = rows.first()
    return "" if found is None else str(getattr(found, "name", found))


def _with_quantity(name: str, request: HttpRequest) -> str:
    quantity = " ".join(request.POST.get("quantity", "").split())[:20]
    return f"{name} × {quantity}" if name and quantity and "remove" not in request.POST else name
