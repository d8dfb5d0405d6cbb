"""One door to the printed forms: which layout a paper of a kind has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from documents.layout.act import act_html, act_pdf
from documents.layout.correction import correction_html, correction_pdf
from documents.layout.factura import factura_html, factura_pdf
from documents.layout.images import FormImages
from documents.layout.invoice import invoice_html, invoice_pdf
from documents.layout.proxy import proxy_html, proxy_pdf
from documents.layout.shipping import shipping_html, shipping_pdf
from documents.layout.upd import upd_html, upd_pdf
from documents.layout.waybill import waybill_html, waybill_pdf
from documents.payloads.act import ActPayload
from documents.payloads.correction import CorrectionPayload
from documents.payloads.invoice import InvoicePayload
from documents.payloads.shipping import ProxyPayload, ShippingPayload
from documents.payloads.transfer import TransferPayload
from documents.states import DocumentKind

Payload = InvoicePayload | TransferPayload | CorrectionPayload | ActPayload | ShippingPayload | ProxyPayload


@dataclass(frozen=True, slots=True)
class _Form:
    payload: type
    html: Callable[..., str]
    pdf: Callable[..., bytes]


_FORMS: dict[DocumentKind, _Form] = {
    DocumentKind.INVOICE: _Form(InvoicePayload, invoice_html, invoice_pdf),
    DocumentKind.FACTURA: _Form(TransferPayload, factura_html, factura_pdf),
    DocumentKind.UPD: _Form(TransferPayload, upd_html, upd_pdf),
    DocumentKind.CORRECTION: _Form(CorrectionPayload, correction_html, correction_pdf),
    DocumentKind.WAYBILL: _Form(TransferPayload, waybill_html, waybill_pdf),
    DocumentKind.ACT: _Form(ActPayload, act_html, act_pdf),
    DocumentKind.SHIPPING: _Form(ShippingPayload, shipping_html, shipping_pdf),
    DocumentKind.PROXY: _Form(ProxyPayload, proxy_html, proxy_pdf),
}


def paper_html(
    kind: DocumentKind, payload: Payload, images: FormImages | None = None, *, watermark: str = ""
) -> str:
    """The page of a paper; the watermark goes across every sheet («ЧЕРНОВИК»).

    Raises TypeError for a payload of another kind, ValueError for one that is not laid out.
    """
    return _form(kind, payload).html(payload, images, watermark=watermark)


def paper_pdf(
    kind: DocumentKind,
    payload: Payload,
    images: FormImages | None = None,
    *,
    watermark: str = "",
    earlier: bytes = b"",
) -> bytes:
    """The file of a paper; `earlier` is the one that it had under another number (documents.pdf).

    Raises as `paper_html` does, and PdfFailed.
    """
    return _form(kind, payload).pdf(payload, images, watermark=watermark, earlier=earlier)


def payload_type(kind: DocumentKind) -> Any:
    """The type in which a payload of a kind is kept and read back (documents.payloads.codec)."""
    return _FORMS[kind].payload


def _form(kind: DocumentKind, payload: Payload) -> _Form:
    form = _FORMS[DocumentKind(kind)]
    if not isinstance(payload, form.payload):
        raise TypeError(f"{type(payload).__name__} is not what {kind} says")
    return form
