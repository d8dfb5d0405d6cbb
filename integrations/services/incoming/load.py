"""A file of orders or counterparties taken in, in the one transaction of its caller."""

from pathlib import Path

from counterparties.merge_gate import parties_hold
from integrations.models import ExchangeNode
from integrations.onec.incoming.file import IncomingFile
from integrations.onec.incoming.records import Bundle, Head, PartyRecord
from integrations.onec.loading.context import LoadContext
from integrations.services.incoming.documents import DocumentsTaker
from integrations.services.incoming.parties import party_take
from integrations.services.incoming.waiting import held_retry
from integrations.services.incoming.work import Work
from integrations.services.turns import orders_turn

_TELL_EACH = 50


def incoming_load(context: LoadContext, path: Path) -> None:
    """Take a file in. Raises ExchangeRefusal; the caller rolls back, so nothing is half-applied.

    A document that makes no sense is passed over and told of, the others are taken.
    """
    parties_hold()
    orders_turn(context.node_id)
    node = ExchangeNode.objects.get(pk=context.node_id)
    work = Work(node=node, at=context.at, ids=context.ids, report=context.report)
    file = IncomingFile(path, name=context.file_name, zone=node.zone)
    taker = DocumentsTaker(work)
    for count, record in enumerate(file.records(), start=1):
        match record:
            case Head():
                work.formed_at = context.believed(record.formed_at)
                if record.formed_at is None:
                    context.report.warn("Нет ДатаФормирования: не видно, новее ли файл принятых раньше")
            case PartyRecord():
                context.report.counts["parties"] += 1
                party_take(work, record)
            case Bundle():
                taker.take(record)
        if count % _TELL_EACH == 0:
            context.tell(f"прочитано документов: {count}")
    taker.finish()
    for text, external_id, line in file.unread:
        context.report.counts["orders_rejected"] += 1
        context.report.warn(text, external_id=external_id, line=line)
    for name, total in sorted(file.unknown.items()):
        context.report.warn(f"Неизвестный элемент {name}: {total}")
    held_retry(node, at=context.at)
