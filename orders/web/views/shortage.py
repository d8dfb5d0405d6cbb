"""Help with lines that the city has too little of: options beside each, all settled at once."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.models import Cart
from orders.refusals import CartChanged, OrderRefused
from orders.selectors import cart_view
from orders.selectors.shortage import Choice, Remedy, ShortLine, Wanted, short_lines
from orders.services.shortage import shortage_settle
from orders.web.carting import cart_url, own_cart_or_404, to_cart
from orders.web.moments import moment_read

_WISHES = {
    Wanted.FAST: gettext_lazy("Быстрее"),
    Wanted.CHEAP: gettext_lazy("Дешевле"),
    Wanted.SAME: gettext_lazy("Без замен"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_CREATE)
def shortage(request: PortalRequest, pk: int) -> HttpResponse:
    """Options of every short line, chosen by one wish where `by` names it; on POST do what was chosen."""
    cart = own_cart_or_404(request, pk)
    if request.method == "POST":
        return _settle(request, cart)
    on = timezone.localdate()
    lines = short_lines(cart_view(cart, on=on), on=on)
    if not lines:
        return to_cart(request, cart)
    by = request.GET.get("by", "")
    chosen = _all_settled(lines, Wanted(by)) if by in set(Wanted) else {}
    return render(
        request,
        "orders/shortage.html",
        {
            "cart": cart,
            "cart_page": cart_url(request, cart),
            "lines": [(line, chosen.get(line.line.pk, Choice(Remedy.KEEP).key)) for line in lines],
            "by": by,
            "wishes": [(wish.value, word) for wish, word in _WISHES.items()],
            "seen": cart.updated_at.isoformat(),
            "area": "cart",
        },
    )


def _settle(request: PortalRequest, cart: Cart) -> HttpResponse:
    try:
        settled = shortage_settle(
            actor=request.actor,
            cart_id=cart.pk,
            choices=_choices(request.POST),
            seen_at=moment_read(request.POST.get("seen", "")),
            at=timezone.now(),
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        is_stale = isinstance(refusal, CartChanged)
        return redirect("orders:shortage", pk=cart.pk) if is_stale else to_cart(request, cart)
    if settled.count:
        messages.success(request, _("Решено строк: {count}.").format(count=settled.count))
    if settled.left_out:
        messages.warning(request, _("Не удалось: {names}.").format(names="; ".join(settled.left_out)))
    return to_cart(request, cart)


def _choices(form: QueryDict) -> dict[int, Choice]:
    """Fields `line-<key>` with `<remedy>-<what it names>`; what is none is passed over."""
    found: dict[int, Choice] = {}
    for name in form:
        line_id, (remedy, _dash, ref) = name.removeprefix("line-"), str(form[name]).partition("-")
        is_read = name.startswith("line-") and _is_number(line_id) and _is_number(ref)
        if is_read and remedy in set(Remedy):
            found[int(line_id)] = Choice(Remedy(remedy), int(ref))
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 15


def _all_settled(lines: Sequence[ShortLine], by: Wanted) -> dict[int, str]:
    return {line.line.pk: line.settled(by).key for line in lines}
