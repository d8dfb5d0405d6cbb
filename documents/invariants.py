"""What must hold of documents that were issued."""

from portal.lib.invariants import Invariant

INVARIANTS = (
    Invariant(
        "document-numbers",
        "Номера документов в каждом нумераторе идут подряд",
        "SELECT sequence_id || ': ' || COUNT(*) || ' из ' || MAX(number) FROM documents_document"
        " GROUP BY sequence_id HAVING COUNT(DISTINCT number) <> MAX(number) ORDER BY 1",
    ),
    Invariant(
        "document-one-in-force",
        "На одно основание действует один документ вида",
        "SELECT reference || '/' || kind FROM documents_document WHERE state IN"
        " ('issued', 'sent', 'delivered', 'signed') GROUP BY reference, kind HAVING COUNT(*) > 1 ORDER BY 1",
    ),
)
