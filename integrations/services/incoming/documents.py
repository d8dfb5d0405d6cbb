"""Each document of a file to its order: state, rows, shipments and payments."""

from collections.abc import Iterable
from dataclasses import replace

from integrations.models import ExportState, ExternalKind, OrderExport
from integrations.onec.incoming.records import Bundle, DocumentRecord, Operation
from integrations.services.incoming.births import Undecided, order_born
from integrations.services.incoming.facts import PAPERS, paper_facts, part_facts
from integrations.services.incoming.held import order_hold, order_release, paper_hold
from integrations.services.incoming.matching import part_of_order, part_of_paper
from integrations.services.incoming.parties import party_of_order
from integrations.services.incoming.statuses import StateWords
from integrations.services.incoming.truth import ErpTruth
from integrations.services.incoming.work import Work
from integrations.services.orders import orders_withdraw
from orders.erp import ErpOutcome
from orders.models import OrderPart
from orders.services.erp import part_erp_note, parts_erp_settle
from orders.services.erp_papers import erp_paper_note

_COUNTS = {
    ErpOutcome.NEW: "orders_new",
    ErpOutcome.CHANGED: "orders_changed",
    ErpOutcome.SAME: "orders_same",
    ErpOutcome.STALE: "orders_stale",
}


class DocumentsTaker:
    """Takes documents as they come; separate papers wait for the end: their orders may stand after them."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._words = StateWords(work.node.pk)
        self._truth = ErpTruth.now()
        self._papers: list[DocumentRecord] = []

    def take(self, bundle: Bundle) -> None:
        """Take the documents of one Контейнер, or one alone; beside one order papers are its own."""
        orders = [item for item in bundle.documents if item.operation == Operation.ORDER]
        papers = tuple(item for item in bundle.documents if item.operation != Operation.ORDER)
        if len(orders) == 1:
            self.take_order(replace(orders[0], subordinate=(*orders[0].subordinate, *papers)))
            return
        for order in orders:
            self.take_order(order)
        self._papers += papers

    def take_order(self, document: DocumentRecord) -> int | None:
        """Find the order or make it; return the part, None for what was put off or not taken."""
        work = self._work
        work.report.counts["orders"] += 1
        match = part_of_order(work, document)
        if match.refusal:
            self._reject(document, match.refusal)
            return None
        part, is_new = match.part, False
        if part is None:
            part, is_new = self._born(document), True
        if part is None or self._is_met_again(document, part.pk):
            return None
        self._note(document, part, is_new=is_new)
        order_release(work, document)
        self._take_papers(document.subordinate, part.pk)
        return part.pk

    def finish(self) -> None:
        """Take the papers, then settle the stock of orders that 1C turned out to hold."""
        self._take_papers(self._papers, None)
        self._papers = []
        settle_exports(self._work)
        for text, count in sorted(self._words.unknown.items()):
            self._work.report.warn(f"Неизвестный статус «{text}»: {count}. Состояние заказа не изменено")

    def _born(self, document: DocumentRecord) -> OrderPart | None:
        """A new order; one that was cancelled before we knew of it is nobody's business."""
        work = self._work
        if document.is_deleted or document.is_cancelled:
            order_release(work, document)
            return None
        try:
            return order_born(work, document)
        except Undecided as reason:
            order_hold(work, document, reason=str(reason))
            work.report.counts["orders_held"] += 1
            number = document.erp_number or document.number
            work.report.warn(
                f"Заказ {number} отложен: {reason}", external_id=document.external_id, line=document.line
            )
            return None

    def _is_met_again(self, document: DocumentRecord, part_id: int) -> bool:
        """Two documents of 1C under one number of ours: the first of the file is taken."""
        first = self._work.taken.setdefault(part_id, document.external_id)
        if first == document.external_id:
            return False
        self._reject(document, f"второй документ с номером {document.number}")
        return True

    def _note(self, document: DocumentRecord, part: OrderPart, *, is_new: bool) -> None:
        work = self._work
        target = self._words.target(document.state_text)
        facts = part_facts(work, document, target=target, formed_at=work.formed_at, truth=self._truth)
        outcome = part_erp_note(part_id=part.pk, facts=facts, at=work.at)
        work.report.counts[_COUNTS[ErpOutcome.NEW if is_new else outcome]] += 1
        if is_new or outcome == ErpOutcome.STALE:
            return
        if document.external_id and document.external_id != str(part.uid):
            work.learn(ExternalKind.ORDER_PART, document.external_id, part.pk)
        if document.buyer is not None:
            party_of_order(
                work, document.buyer, entity_id=part.order.legal_entity_id, number=part.order.label
            )

    def _take_papers(self, papers: Iterable[DocumentRecord], parent: int | None) -> None:
        for document in papers:
            if document.operation not in PAPERS:
                text = f"Документ «{document.operation_text}» портал не читает"
                self._work.report.warn(text, external_id=document.external_id, line=document.line)
                continue
            part_id = part_of_paper(self._work, document.basis) or parent
            if part_id is None and paper_hold(self._work, document):
                continue
            if part_id is None:
                text = f"{document.operation_text} № {document.number}: заказ не найден"
                self._work.report.warn(text, external_id=document.external_id, line=document.line)
                continue
            self._note_paper(document, part_id)

    def _note_paper(self, document: DocumentRecord, part_id: int) -> None:
        work = self._work
        facts = paper_facts(work, document, formed_at=work.formed_at)
        key = document.external_id or f"{facts.kind}:{facts.number}:{facts.date}:{part_id}"
        known = work.known(ExternalKind.ERP_DOCUMENT, key)
        paper, outcome = erp_paper_note(
            document_id=known,
            part_id=part_id,
            facts=facts,
            at=work.at,
            moves_order=self._truth.moves_order,
        )
        if outcome == ErpOutcome.NEW:
            work.learn(ExternalKind.ERP_DOCUMENT, key, paper.pk)
            work.report.counts["papers_new"] += 1
        elif outcome == ErpOutcome.CHANGED:
            work.report.counts["papers_changed"] += 1

    def _reject(self, document: DocumentRecord, reason: str) -> None:
        self._work.report.counts["orders_rejected"] += 1
        self._work.report.warn(
            f"Заказ {document.number} не принят: {reason}",
            external_id=document.external_id,
            line=document.line,
        )


def settle_exports(work: Work) -> None:
    """What 1C sends back it has: its word `success` may have been lost.

    Of an order that it has taken before it may tell the former version: the new one still goes.
    """
    exports = list(
        OrderExport.objects.filter(part__in=work.taken, accepted_version=0).exclude(
            state=ExportState.ACCEPTED
        )
    )
    for export in exports:
        export.accepted_version = export.offered_version or export.version
        if export.accepted_version == export.version:
            export.state, export.error = ExportState.ACCEPTED, ""
        export.offered_in, export.offered_version, export.unacked, export.alone = None, 0, 0, 0
    OrderExport.objects.bulk_update(
        exports,
        ["accepted_version", "state", "error", "offered_in", "offered_version", "unacked", "alone"],
    )
    parts_erp_settle(part_ids=list(work.taken), at=work.at)
    orders_withdraw(part_ids=[export.part_id for export in exports])
