"""«Наши коды»: how the client's holding calls our goods."""

import tempfile

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from openpyxl import Workbook

from accounts.permissions import Permission
from counterparties.web.access import cabinet, permitted
from counterparties.web.back import back_url
from counterparties.web.middleware import PortalRequest
from orders.models import ClientCode
from orders.refusals import OrderRefused
from orders.selectors.codes import codes_listed, codes_written
from orders.services.code_import import codes_import
from orders.services.codes import code_remove as remove
from orders.services.codes import code_restore as restore
from orders.web.upload_file import XLSX, text_cell
from orders.web.upload_forms import FileSent
from portal.lib.tables import TableRefused

PAGE, MOST_TOLD = 50, 20
HEADS = ("Код клиента", "Наш артикул", "Наименование")


@require_GET
@cabinet
@permitted(Permission.ORDER_CREATE)
def codes(request: PortalRequest) -> HttpResponse:
    """Codes in use, or with `removed` those that were taken away."""
    text, is_removed = request.GET.get("q", "").strip()[:100], "removed" in request.GET
    rows = codes_listed(actor=request.actor, text=text.replace("\0", ""), is_removed=is_removed)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": text, "is_removed": is_removed, "form": FileSent(), "area": "uploads"}
    return render(request, "orders/codes.html", context)


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def code_remove(request: PortalRequest, pk: int) -> HttpResponse:
    """Let a code mean nothing any more."""
    try:
        code = remove(actor=request.actor, code_id=pk, at=timezone.now())
    except ClientCode.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("Код «{code}» убран. Его можно вернуть.").format(code=code.code))
    return redirect(back_url(request, "orders:codes"))


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def code_restore(request: PortalRequest, pk: int) -> HttpResponse:
    """Put a removed code back."""
    try:
        code = restore(actor=request.actor, code_id=pk)
    except ClientCode.DoesNotExist as error:
        raise Http404 from error
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Код «{code}» снова в деле.").format(code=code.code))
    return redirect(back_url(request, "orders:codes"))


@require_GET
@cabinet
@permitted(Permission.ORDER_CREATE)
def codes_export(request: PortalRequest) -> FileResponse:
    """All codes in use as XLSX; the same file may be imported."""
    book = Workbook(write_only=True)
    page = book.create_sheet(_("Наши коды"))
    page.append([text_cell(page, head, is_bold=True) for head in HEADS])
    for row in codes_written(request.actor):
        page.append([text_cell(page, cell) for cell in row])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_("Наши коды.xlsx"), content_type=XLSX)


@require_POST
@cabinet
@permitted(Permission.ORDER_CREATE)
def codes_send(request: PortalRequest) -> HttpResponse:
    """Learn codes from a file."""
    form = FileSent(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, str(form.errors["file"][0]))
        return redirect("orders:codes")
    try:
        told = codes_import(actor=request.actor, content=form.content()["content"], at=timezone.now())
    except (TableRefused, OrderRefused) as refusal:
        messages.error(request, str(refusal))
        return redirect("orders:codes")
    messages.success(
        request,
        _("Запомнено новых кодов: {new}, строк в файле: {rows}.").format(new=told.new, rows=told.rows),
    )
    if told.unknown:
        numbers = ", ".join(map(str, told.unknown[:MOST_TOLD]))
        more = "…" if len(told.unknown) > MOST_TOLD else ""
        messages.warning(request, _("Не поняли строки: {numbers}{more}").format(numbers=numbers, more=more))
    return redirect("orders:codes")
