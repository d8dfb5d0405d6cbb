"""What must hold of orders, their parts, the reserve of goods and of limits."""

from portal.lib.invariants import Invariant

INVARIANTS = (
    Invariant(
        "limit-held-for-live-orders",
        "Лимит не держат отмененные и отклоненные заказы",
        "SELECT r.reference FROM finance_reservation r JOIN orders_orderpart p"
        " ON r.reference = 'part:' || p.id JOIN orders_order o ON o.id = p.order_id"
        " WHERE r.is_active AND o.state IN ('cancelled', 'rejected') ORDER BY r.id",
    ),
    Invariant(
        "limit-held-by-own-contract",
        "Лимит держится по договору заказа",
        "SELECT r.reference FROM finance_reservation r JOIN orders_orderpart p"
        " ON r.reference = 'part:' || p.id JOIN orders_order o ON o.id = p.order_id"
        " WHERE r.contract_id <> o.contract_id ORDER BY r.id",
    ),
    Invariant(
        "limit-held-as-confirmed",
        "Лимит держит то, во что часть заказа обходится сейчас, и не держит ушедшее целиком",
        "WITH confirmed AS (SELECT p.id, p.number, CASE"
        " WHEN o.payment_terms <> 'credit' OR o.state NOT IN ('confirmed', 'reserved', 'partly_shipped')"
        "      OR p.is_cancelled OR p.is_shipped THEN 0"
        " WHEN p.erp_total IS NULL OR p.is_erp_aside OR p.total < p.erp_total AND EXISTS ("
        "      SELECT 1 FROM orders_orderchange c JOIN orders_orderchangeline cl ON cl.change_id = c.id"
        "      JOIN orders_orderline l ON l.id = cl.line_id WHERE l.part_id = p.id"
        "      AND c.state IN ('applied', 'accepted')"
        "      AND (p.erp_formed_at IS NULL OR c.decided_at > p.erp_formed_at)) THEN p.total"
        " ELSE p.erp_total END AS total"
        " FROM orders_orderpart p JOIN orders_order o ON o.id = p.order_id)"
        " SELECT p.number FROM confirmed p"
        " LEFT JOIN finance_reservation r ON r.reference = 'part:' || p.id AND r.is_active"
        " WHERE COALESCE(r.total, 0) <> p.total ORDER BY p.id",
    ),
    Invariant(
        "order-sum",
        "Сумма части заказа равна сумме ее строк",
        "SELECT p.number FROM orders_orderpart p JOIN orders_order o ON o.id = p.order_id"
        " JOIN orders_orderline l ON l.part_id = p.id WHERE o.origin = 'portal'"
        " GROUP BY p.id HAVING SUM(l.gross) <> p.total ORDER BY p.id",
    ),
    Invariant(
        "stock-reserve",
        "Резерв товара равен тому, что заказано и не принято в 1С",
        "WITH held AS (SELECT l.sku_id, p.warehouse_id, SUM(l.quantity) AS quantity"
        " FROM orders_orderline l JOIN orders_orderpart p ON p.id = l.part_id"
        " JOIN orders_order o ON o.id = p.order_id"
        " WHERE p.accepted_at IS NULL AND o.state NOT IN ('cancelled', 'rejected') AND o.origin = 'portal'"
        " GROUP BY 1, 2)"
        " SELECT s.sku_id || '@' || s.warehouse_id FROM catalog_stock s"
        " LEFT JOIN held ON held.sku_id = s.sku_id AND held.warehouse_id = s.warehouse_id"
        " WHERE s.reserved <> COALESCE(held.quantity, 0) ORDER BY s.id",
    ),
    Invariant(
        "shipped-within-ordered",
        "Отгружено по части не больше, чем подтверждено",
        "WITH left_house AS (SELECT d.part_id, l.sku_id, SUM(l.quantity) AS quantity"
        " FROM orders_erpdocumentline l JOIN orders_erpdocument d ON d.id = l.document_id"
        " WHERE d.kind = 'shipment' AND NOT d.is_deleted AND l.sku_id IS NOT NULL GROUP BY 1, 2),"
        " ordered AS (SELECT part_id, sku_id, SUM(quantity) AS quantity FROM orders_orderline GROUP BY 1, 2)"
        " SELECT s.part_id || '/' || s.sku_id FROM left_house s JOIN ordered o USING (part_id, sku_id)"
        " WHERE s.quantity > o.quantity ORDER BY 1",
    ),
    Invariant(
        "requested-within-ordered",
        "В открытых заявках на отгрузку не больше, чем заказано",
        "SELECT rl.line_id FROM orders_shipmentrequestline rl JOIN orders_shipmentrequest r"
        " ON r.id = rl.request_id JOIN orders_orderline l ON l.id = rl.line_id"
        " WHERE r.state IN ('submitted', 'accepted', 'picking', 'ready')"
        " GROUP BY rl.line_id, l.quantity HAVING SUM(rl.quantity - rl.shipped) > l.quantity ORDER BY 1",
    ),
    Invariant(
        "one-holding",
        "Клиент заказа тот же, что у его юрлица и договора",
        "SELECT o.number FROM orders_order o JOIN counterparties_legalentity e ON e.id = o.legal_entity_id"
        " JOIN counterparties_contract c ON c.id = o.contract_id"
        " WHERE c.legal_entity_id <> o.legal_entity_id OR c.organization_id <> o.organization_id"
        " OR e.holding_id <> o.holding_id ORDER BY o.id",
    ),
)
