"""What must hold of the ledger, allocations and credit lines."""

from portal.lib.invariants import Invariant

_USED = """
SELECT entry.id, entry.contract_id, entry.currency, entry.debit, entry.credit, entry.kind,
       entry.order_reference, entry.shipment_key, entry.reverses_id, entry.document_key,
       entry.debit + entry.credit - COALESCE(spent.amount, 0) - COALESCE(covered.amount, 0) AS rest
FROM finance_ledgerentry entry
LEFT JOIN (SELECT credit_id, SUM(amount) AS amount FROM finance_allocation GROUP BY 1) spent
       ON spent.credit_id = entry.id
LEFT JOIN (SELECT debit_id, SUM(amount) AS amount FROM finance_allocation GROUP BY 1) covered
       ON covered.debit_id = entry.id
"""

INVARIANTS = (
    Invariant(
        "ledger-side",
        "Ровно одно из дебета и кредита больше нуля",
        "SELECT id FROM finance_ledgerentry"
        " WHERE debit < 0 OR credit < 0 OR (debit > 0) = (credit > 0) ORDER BY id",
    ),
    Invariant(
        "ledger-append-only",
        "Записи взаиморасчетов, оплаты и изменения лимитов защищены от правки",
        "SELECT name FROM unnest(ARRAY['finance_ledgerentry', 'finance_payment', 'finance_limitchange']) name"
        " WHERE NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = name::regclass"
        " AND tgname LIKE 'pgtrigger_append_only%' AND tgenabled <> 'D')",
    ),
    Invariant(
        "allocation-inside-key",
        "Кредит гасит дебет того же договора и той же валюты",
        "SELECT a.id FROM finance_allocation a"
        " JOIN finance_ledgerentry c ON c.id = a.credit_id JOIN finance_ledgerentry d ON d.id = a.debit_id"
        " WHERE c.contract_id <> d.contract_id OR c.currency <> d.currency OR c.credit = 0 OR d.debit = 0"
        " ORDER BY a.id",
    ),
    Invariant(
        "allocation-within-entry",
        "Разнесено не больше суммы записи",
        f"SELECT id FROM ({_USED}) used WHERE rest < 0 ORDER BY id",  # noqa: S608 (no input)
    ),
    Invariant(
        "allocation-complete",
        "Нет долга рядом со свободными деньгами того же договора",
        f"WITH used AS ({_USED})"  # noqa: S608 (no input)
        " SELECT DISTINCT free.contract_id FROM used free WHERE free.credit > 0 AND free.rest > 0"
        " AND free.shipment_key = ''"
        " AND (free.order_reference NOT LIKE 'part:%'"
        "      OR free.kind NOT IN ('payment', 'offset', 'transfer', 'opening')"
        "      OR EXISTS (SELECT 1 FROM finance_reservation r"
        "                 WHERE r.reference = free.order_reference AND NOT r.is_active))"
        " AND EXISTS (SELECT 1 FROM used debt WHERE debt.contract_id = free.contract_id"
        "             AND debt.currency = free.currency AND debt.debit > 0 AND debt.rest > 0) ORDER BY 1",
    ),
    Invariant(
        "document-once",
        "Документ стоит в журнале один раз",
        "SELECT document_key || '/' || kind || '/' || part_no FROM finance_ledgerentry entry"
        " WHERE reverses_id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM finance_ledgerentry r WHERE r.reverses_id = entry.id)"
        " GROUP BY document_key, kind, part_no HAVING COUNT(*) > 1 ORDER BY 1",
    ),
    Invariant(
        "payment-once",
        "Платеж провайдера стоит в журнале один раз",
        "SELECT payment_key FROM finance_ledgerentry entry"
        " WHERE payment_key <> '' AND reverses_id IS NULL AND kind = 'payment'"
        " AND NOT EXISTS (SELECT 1 FROM finance_ledgerentry r WHERE r.reverses_id = entry.id)"
        " GROUP BY payment_key HAVING COUNT(DISTINCT source) > 1 ORDER BY 1",
    ),
    Invariant(
        "reversal-mirrors",
        "Сторно и его запись дают ноль и гасят друг друга целиком",
        f"WITH used AS ({_USED})"  # noqa: S608 (no input)
        " SELECT r.id FROM finance_ledgerentry r JOIN finance_ledgerentry o ON o.id = r.reverses_id"
        " JOIN used ON used.id IN (r.id, o.id)"
        " LEFT JOIN finance_allocation a ON (a.credit_id, a.debit_id) IN ((r.id, o.id), (o.id, r.id))"
        " WHERE r.debit <> o.credit OR r.credit <> o.debit OR r.contract_id <> o.contract_id"
        " OR r.business_date <> o.business_date OR used.rest <> 0"
        " OR a.amount IS DISTINCT FROM r.debit + r.credit GROUP BY r.id ORDER BY r.id",
    ),
    Invariant(
        "transfer-pairs",
        "Перенос между договорами дает в сумме ноль",
        "SELECT document_key FROM finance_ledgerentry WHERE kind = 'transfer' AND source = 'manual'"
        " GROUP BY document_key HAVING SUM(debit - credit) <> 0 ORDER BY 1",
    ),
    Invariant(
        "limit-history",
        "Лимит линии равен последнему постоянному изменению",
        "SELECT line.id FROM finance_creditline line JOIN LATERAL ("
        " SELECT amount FROM finance_limitchange WHERE line_id = line.id AND valid_until IS NULL"
        " ORDER BY created_at DESC, id DESC LIMIT 1) last ON true WHERE last.amount <> line.amount"
        " ORDER BY line.id",
    ),
    Invariant(
        "override-used",
        "Разрешение сверх лимита использовано не больше, чем дано",
        "SELECT id FROM finance_creditoverride WHERE used < 0 OR used > amount ORDER BY id",
    ),
    Invariant(
        "third-party-confirmed",
        "Подтвержденный платеж за другое юрлицо записан на его сумму",
        "SELECT t.id FROM finance_thirdpartypayment t JOIN finance_ledgerentry e ON e.id = t.entry_id"
        " WHERE e.credit <> t.amount OR e.contract_id <> t.contract_id ORDER BY t.id",
    ),
)
