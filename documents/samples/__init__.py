"""Papers of firms that do not exist, to look at a form by: every kind in every case that changes its look."""

from collections.abc import Callable
from dataclasses import replace

from documents.layout.forms import Payload
from documents.payloads.parts import Party, Signer
from documents.samples.cases import SAMPLES, Sample, samples_of
from documents.samples.firms import CONSIGNEE, FIRM
from documents.samples.papers import act, invoice, proxy, shipping
from documents.samples.shipments import correction, transfer
from documents.states import DocumentKind

__all__ = ["CONSIGNEE", "FIRM", "Sample", "sample_payload", "samples_of"]

_BUILDERS: dict[DocumentKind, Callable[[DocumentKind, Sample], Payload]] = {
    DocumentKind.INVOICE: invoice,
    DocumentKind.FACTURA: transfer,
    DocumentKind.UPD: transfer,
    DocumentKind.CORRECTION: correction,
    DocumentKind.WAYBILL: transfer,
    DocumentKind.ACT: act,
    DocumentKind.SHIPPING: shipping,
    DocumentKind.PROXY: proxy,
}
_BY_CODE = {sample.code: sample for sample in SAMPLES}


def sample_payload(
    kind: DocumentKind,
    code: str,
    *,
    seller: Party | None = None,
    signers: tuple[Signer, Signer | None] | None = None,
) -> Payload:
    """A paper of a kind in a case, as of another seller with his head and accountant if wished.

    Raises KeyError for an unknown case.
    """
    sample = _BY_CODE[code]
    if seller is not None:
        sample = replace(sample, seller=seller, signers=signers)
    return _BUILDERS[kind](kind, sample)
