"""One uploaded message of EnterpriseData into the database, inside the caller's transaction."""

from dataclasses import replace
from pathlib import Path

from counterparties.merge_gate import parties_hold
from integrations.models import ExchangeNode
from integrations.onec.enterprise.file import EnterpriseFile
from integrations.onec.enterprise.records import ContractRecord
from integrations.onec.incoming.records import DocumentRecord, Head, PartyRecord
from integrations.onec.loading.context import LoadContext
from integrations.services.incoming.contracts import contract_noted
from integrations.services.incoming.documents import DocumentsTaker
from integrations.services.incoming.matching import own_number
from integrations.services.incoming.parties import party_take
from integrations.services.incoming.waiting import held_retry
from integrations.services.incoming.work import Work
from integrations.services.turns import orders_turn

_TELL_EACH = 50


def enterprise_load(context: LoadContext, path: Path) -> None:
    """Take a message in. Raises ExchangeRefusal; the caller rolls back, so nothing is half-applied."""
    parties_hold()
    orders_turn(context.node_id)
    node = ExchangeNode.objects.get(pk=context.node_id)
    work = Work(node=node, at=context.at, ids=context.ids, report=context.report)
    file = EnterpriseFile(path, name=context.file_name, zone=node.zone)
    taker = DocumentsTaker(work)
    for count, record in enumerate(file.records(), start=1):
        match record:
            case Head():
                work.formed_at = context.believed(record.formed_at)
                if record.formed_at is None:
                    context.report.warn("Нет CreationDate: не видно, новее ли файл принятых раньше")
            case PartyRecord():
                context.report.counts["parties"] += 1
                party_take(work, record)
            case ContractRecord():
                contract_noted(work, record)
            case DocumentRecord():
                taker.take_order(_with_our_number(record))
        if count % _TELL_EACH == 0:
            context.tell(f"прочитано объектов: {count}")
    taker.finish()
    for text, external_id, line in file.unread:
        context.report.counts["orders_rejected"] += 1
        context.report.warn(text, external_id=external_id, line=line)
    for name, total in sorted(file.skipped.items()):
        context.report.warn(f"{name}: портал не читает, пропущено {total}")
    held_retry(node, at=context.at)


def _with_our_number(order: DocumentRecord) -> DocumentRecord:
    """1C keeps the portal's number beside its own, as the client's."""
    own = own_number(order.client_reference)
    return replace(order, number=own) if own else order
