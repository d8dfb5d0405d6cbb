"""Uploads: a file or a pasted table comes in, its rows are settled, the ready ones go into a cart."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import Permission
from catalog.index.reading import catalog_index
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from orders.models import RowState, Upload, UploadRow, UploadSource, UploadState
from orders.refusals import ContractClosed, OrderRefused
from orders.selectors.blank_changes import blank_changes
from orders.selectors.upload_rows import rows_viewed
from orders.selectors.uploads import (
    carts_for_upload,
    codes_taught,
    upload_counts,
    upload_seen,
    uploads_listed,
)
from orders.services.codes import codes_of_upload_forget
from orders.services.upload_carts import UploadPut, upload_put, upload_save
from orders.services.upload_rows import upload_row_decide
from orders.services.uploads import upload_receive, upload_reread
from orders.web.upload_file import result_file
from orders.web.upload_forms import FileSent, LayoutChosen, PutInto, RowDecided, TextPasted
from portal.files.serving import FileDamaged, file_response
from portal.lib.dates import moscow_date
from portal.lib.tables import TableRefused

PAGE, MOST_LISTED = 100, 25
_STOPS = (RowState.CHOICE, RowState.SHORT, RowState.FAULT, RowState.READY, RowState.SKIPPED)
"""Which tab is opened first: that of the first rows which wait for a decision."""


@require_GET
@cabinet
@permitted(Permission.ORDER_CREATE)
def uploads(request: PortalRequest) -> HttpResponse:
    """Where files are sent and what was sent before."""
    return _start(request, FileSent(), TextPasted())


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def upload_send(request: PortalRequest) -> HttpResponse:
    """Receive a file, or with `text` a pasted table."""
    is_paste = "text" in request.POST
    file_form = FileSent() if is_paste else FileSent(request.POST, request.FILES)
    text_form = TextPasted(request.POST) if is_paste else TextPasted()
    form = text_form if is_paste else file_form
    if not form.is_valid():
        return _start(request, file_form, text_form, status=422)
    try:
        upload = _received(request, is_paste=is_paste, **form.content())
    except TableRefused as refusal:
        form.add_error(None, str(refusal))
        return _start(request, file_form, text_form, status=422)
    except ContractClosed as refusal:
        messages.error(request, str(refusal))
        return redirect("orders:uploads")
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return redirect("orders:upload", upload.uid)


def _received(request: PortalRequest, *, is_paste: bool, content: bytes, name: str) -> Upload:
    place = request.workplace
    if place.legal_entity is None or place.contract is None or place.city is None:
        raise ContractClosed
    return upload_receive(
        actor=request.actor,
        legal_entity_id=place.legal_entity.pk,
        contract_id=place.contract.pk,
        city_id=place.city.pk,
        content=content,
        name=name,
        source=UploadSource.PASTE if is_paste else UploadSource.FILE,
        at=timezone.now(),
    )


def _start(
    request: PortalRequest, file_form: FileSent, text_form: TextPasted, status: int = 200
) -> HttpResponse:
    page = Paginator(uploads_listed(request.actor), MOST_LISTED).get_page(request.GET.get("page"))
    context = {"page": page, "file_form": file_form, "text_form": text_form, "area": "uploads"}
    return render(request, "orders/uploads.html", context, status=status)


@require_GET
@cabinet
@permitted(Permission.ORDER_CREATE)
@vary_on_headers("HX-Request")
def upload(request: PortalRequest, uid: str) -> HttpResponse:
    """The five tabs of an upload; while it is being read htmx gets the progress alone."""
    seen = _seen(request, uid)
    is_htmx = bool(request.htmx)  # type: ignore[attr-defined]
    if seen.state == UploadState.WAITING:
        template = "orders/_upload_progress.html" if is_htmx else "orders/upload_waiting.html"
        return render(request, template, {"upload": seen, "area": "uploads"})
    if is_htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if seen.state == UploadState.FAILED:
        context = {"upload": seen, "layout_form": LayoutChosen(upload=seen), "area": "uploads"}
        return render(request, "orders/upload_failed.html", context)
    return render(request, "orders/upload.html", _result(request, seen))


def _result(request: PortalRequest, seen: Upload) -> dict[str, Any]:
    """What orders/upload.html needs."""
    counts, on = upload_counts(seen), moscow_date(timezone.now())
    asked = request.GET.get("tab", "")
    tab = asked if asked in RowState.values else next((one for one in _STOPS if counts[one]), RowState.READY)
    rows = UploadRow.objects.filter(upload=seen, state=tab).order_by("position")
    paginator = Paginator(rows, PAGE)
    paginator.count = counts[tab]
    page = paginator.get_page(request.GET.get("page"))
    return {
        "upload": seen,
        "tab": tab,
        "tabs": [(state, state.label, counts[state]) for state in RowState],
        "counts": counts,
        "page": page,
        "rows": rows_viewed(list(page), upload=seen, index=catalog_index(), on=on),
        "changes": blank_changes(seen, on=on),
        "taught": codes_taught(seen),
        "carts": carts_for_upload(actor=request.actor, upload=seen),
        "layout_form": LayoutChosen(upload=seen),
        "area": "uploads",
    }


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def upload_read(request: PortalRequest, uid: str) -> HttpResponse:
    """Read the kept file another way."""
    seen = _seen(request, uid)
    form = LayoutChosen(request.POST, upload=seen)
    if not form.is_valid():
        messages.error(request, _("Так файл не прочитать: проверьте столбцы."))
        return redirect("orders:upload", uid)
    try:
        upload_reread(
            actor=request.actor,
            upload_uid=uid,
            seen_round=form.cleaned_data["round"],
            layout=form.layout(),
            at=timezone.now(),
        )
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("orders:upload", uid)


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def upload_row(request: PortalRequest, uid: str, position: int) -> HttpResponse:
    """Settle a row, and then show its tab again."""
    seen = _seen(request, uid)
    form = RowDecided(request.POST)
    back = reverse("orders:upload", args=[uid])
    tab = request.POST.get("tab", "")
    if tab in RowState.values:
        back += f"?tab={tab}"
    if not form.is_valid():
        messages.error(request, _("Выберите товар или укажите количество."))
        return redirect(back)
    try:
        count = upload_row_decide(
            actor=request.actor,
            upload_uid=str(seen.uid),
            seen_round=form.cleaned_data["round"],
            position=position,
            decision=form.decision(),
            at=timezone.now(),
        )
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    except ObjectDoesNotExist as error:
        raise Http404 from error
    else:
        if count > 1:
            messages.success(request, _("Применено к строкам: {count}.").format(count=count))
    return redirect(back)


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def upload_cart(request: PortalRequest, uid: str) -> HttpResponse:
    """Put ready rows into a cart: the current one, a saved one, or a new one with a name."""
    _seen(request, uid)
    form = PutInto(request.POST)
    if not form.is_valid():
        messages.error(request, _("Выберите корзину или назовите новую."))
        return redirect("orders:upload", uid)
    told = form.cleaned_data
    shared: dict[str, Any] = {
        "actor": request.actor,
        "upload_uid": uid,
        "seen_round": told["round"],
        "at": timezone.now(),
    }
    try:
        if told["cart"] == PutInto.NEW:
            put = upload_save(**shared, name=told["name"])
        else:
            put = upload_put(**shared, cart_id=told["cart"], is_replacing=told["mode"] == "replace")
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("orders:upload", uid)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    _tell(request, put)
    return redirect("orders:cart" if put.cart.is_current else reverse("orders:upload", args=[uid]))


def _tell(request: PortalRequest, put: UploadPut) -> None:
    done = _("В корзину «{cart}» положено позиций: {count}.")
    messages.success(request, done.format(cart=put.cart.name, count=put.added))
    if put.left_out:
        messages.warning(request, _("Не добавлено: {names}.").format(names="; ".join(put.left_out[:20])))


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def upload_forget(request: PortalRequest, uid: str) -> HttpResponse:
    """Undo all codes that the upload taught."""
    _seen(request, uid)
    count = codes_of_upload_forget(actor=request.actor, upload_uid=uid, at=timezone.now())
    messages.success(request, _("Забыто кодов: {count}.").format(count=count))
    return redirect("orders:upload", uid)


@require_GET
@cabinet
@permitted(Permission.ORDER_CREATE)
def upload_result(request: PortalRequest, uid: str) -> HttpResponseBase:
    """The rows of the file in XLSX with our columns beside them."""
    return result_file(_seen(request, uid), on=moscow_date(timezone.now()))


@require_GET
@cabinet
@permitted(Permission.ORDER_CREATE)
def upload_original(request: PortalRequest, uid: str) -> HttpResponseBase:
    """The file as it was sent."""
    seen = _seen(request, uid)
    try:
        return file_response(seen.original, filename=seen.file_name)
    except FileDamaged:
        messages.error(request, _("Исходный файл повреждён: загрузите его ещё раз."))
        return redirect("orders:uploads")


def _seen(request: PortalRequest, uid: str) -> Upload:
    try:
        return upload_seen(actor=request.actor, uid=uid)
    except Upload.DoesNotExist as error:
        raise Http404 from error
