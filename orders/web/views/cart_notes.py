"""More of one line: stock by warehouse, weight, and what the client says of it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders import services
from orders.models import CartLine
from orders.selectors import cart_line_view, cart_of_line
from orders.web.cart_forms import LineNote
from orders.web.carting import cart_url, line_context, to_cart, view_of


@require_http_methods(["GET", "HEAD", "POST"])
@cabinet
@permitted(Permission.ORDER_CREATE)
@vary_on_headers("HX-Request")
def cart_line_note(request: PortalRequest, pk: int) -> HttpResponse:
    """The fold-out of a line, alone by htmx and as a page without it; saved on POST."""
    named = f"line-{pk}-%s"
    form = LineNote(request.POST, auto_id=named) if request.method == "POST" else None
    try:
        if form is not None and form.is_valid():
            services.cart_line_note(actor=request.actor, line_id=pk, at=timezone.now(), **form.cleaned_data)
        cart = cart_of_line(actor=request.actor, line_id=pk)
    except CartLine.DoesNotExist as error:
        raise Http404 from error
    is_saved = form is not None and form.is_valid()
    if is_saved and not request.htmx:  # type: ignore[attr-defined]
        return to_cart(request, cart)
    view = view_of(cart)
    line = cart_line_view(view, pk)
    context = line_context(request, view) | {"line": line, "cart_page": cart_url(request, cart)}
    if is_saved:
        return render(request, "orders/_cart_line_changed.html", context)
    if form is None and line is not None:
        kept = ("client_reference", "comment", "desired_date")
        form = LineNote(auto_id=named, initial={name: getattr(line, name) for name in kept})
    template = "orders/_cart_line_more.html" if request.htmx else "orders/cart_line.html"  # type: ignore[attr-defined]
    return render(request, template, context | {"form": form}, status=422 if form and form.errors else 200)
