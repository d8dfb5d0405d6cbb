"""What a load did: counts and warnings for the journal and for the operator of 1C."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

WARNINGS_KEPT = 200

# Order and wording of the summary; keys are those of `LoadReport.counts`.
LABELS = {
    "sections": "разделов",
    "properties": "свойств",
    "goods": "товаров",
    "goods_new": "новых товаров",
    "goods_changed": "изменённых товаров",
    "goods_hidden": "с пометкой удаления",
    "values_changed": "изменённых значений свойств",
    "pictures_new": "новых картинок",
    "price_types_new": "новых видов цен",
    "warehouses_new": "новых складов",
    "offers": "предложений",
    "offers_pending": "отложено до появления товара",
    "offers_applied": "применено отложенных",
    "skus_new": "новых позиций",
    "prices_changed": "изменённых цен",
    "stocks_changed": "изменённых остатков",
    "expected_changed": "изменённых ожидаемых поступлений",
    "orders": "заказов",
    "orders_new": "новых заказов из 1С",
    "orders_changed": "изменённых заказов",
    "orders_same": "заказов без изменений",
    "orders_stale": "заказов с более новыми сведениями",
    "orders_held": "заказов отложено",
    "orders_rejected": "заказов не принято",
    "papers_new": "новых документов по заказам",
    "papers_changed": "изменённых документов по заказам",
    "documents_new": "новых документов",
    "contracts": "договоров",
    "contracts_rejected": "договоров не принято",
    "parties": "контрагентов",
    "parties_matched": "сопоставлено контрагентов",
    "parties_waiting": "контрагентов ждёт сопоставления",
    "rejected": "отвергнуто строк",
    "counterparties_skipped": "пропущено контрагентов",
    "documents_skipped": "пропущено документов",
}


@dataclass(slots=True)
class LoadReport:
    """Counts by name and the first warnings; all warnings are counted.

    `doubtful` are the ids of goods and offers of which anything was said.
    """

    counts: Counter[str] = field(default_factory=Counter)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    warnings_total: int = 0
    doubtful: set[str] = field(default_factory=set)

    def warn(self, text: str, *, external_id: str = "", line: int = 0) -> None:
        """Note what was passed over, and where it stands in the file."""
        self.warnings_total += 1
        self.doubtful.add(external_id)
        if len(self.warnings) < WARNINGS_KEPT:
            self.warnings.append({"text": text, "id": external_id, "line": line})

    def reject(self, text: str, *, external_id: str = "", line: int = 0) -> None:
        """Count a good or an offer that was not taken, and say why."""
        self.counts["rejected"] += 1
        self.warn(text, external_id=external_id, line=line)

    def as_json(self) -> dict[str, Any]:
        """Plain data for the journal; the same load gives the same value."""
        return {
            "counts": {name: self.counts[name] for name in LABELS if self.counts[name]},
            "warnings": self.warnings,
            "warnings_total": self.warnings_total,
        }

    def summary(self) -> str:
        """One Russian line of counts."""
        return summary(self.as_json())


def summary(report: dict[str, Any]) -> str:
    """Tell a stored report in one Russian line."""
    counts = report.get("counts", {})
    parts = [f"{LABELS[name]}: {counts[name]}" for name in LABELS if counts.get(name)]
    if report.get("warnings_total"):
        parts.append(f"предупреждений: {report['warnings_total']}")
    return ", ".join(parts) or "изменений нет"
