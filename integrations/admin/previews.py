"""What a held file would change, what a trial has shown, what a load has warned of: tables."""

from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalog.models import Product, Sku
from integrations.onec.loading.report import summary
from portal.lib.money import format_quantity


def preview_table(held: dict[str, Any] | None) -> SafeString | str:
    """Some of the rows that a held file would change, by name."""
    if not held:
        return "—"
    samples = held["samples"]
    names = _sku_names([row[0] for kind in ("prices", "stock") for row in samples[kind]])
    goods = dict(
        Product.objects.filter(pk__in=[row[0] for row in samples["goods"]]).values_list("pk", "name")
    )
    rows = [
        (title, known.get(pk, "—"), _number(before), _number(after))
        for title, kind, known in (
            (_("Цена"), "prices", names), (_("Остаток"), "stock", names), (_("Товар скрыт"), "goods", goods),
        )
        for pk, before, after in samples[kind]
    ]  # fmt: skip
    head = (_("Что"), _("Товар"), _("Было"), _("Станет"))
    reasons = format_html_join("", "<p>{}</p>", ((reason,) for reason in held["reasons"]))
    return format_html("{}{}", reasons, _table(head, rows))


def trial_told(trial: dict[str, Any]) -> SafeString | str:
    """How a trial ended, and when."""
    if not trial:
        return "—"
    told = trial.get("refusal") or summary(trial)
    return format_html(
        "<p>{}: {}</p>{}{}",
        trial["at"].replace("T", " "),
        told,
        preview_table(trial["held"]) if "held" in trial else "",
        warnings_table(trial) if trial.get("warnings") else "",
    )


def warnings_table(report: dict[str, Any]) -> SafeString | str:
    """The first warnings of a load, with Ид and line."""
    rows = [(row["text"], row["id"] or "—", row["line"] or "—") for row in report.get("warnings", [])]
    if not rows:
        return "—"
    total = report.get("warnings_total", len(rows))
    head = (_("Что"), _("Ид в 1С"), _("Строка файла"))
    return format_html("<p>{} {}</p>{}", _("Всего:"), total, _table(head, rows))


def _table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> SafeString:
    cells = format_html_join("", "<th>{}</th>", ((title,) for title in head))
    body = format_html_join(
        "", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows)
    )
    return format_html("<table><tr>{}</tr>{}</table>", cells, body)


def _number(told: str | int | float) -> str:
    """A number of a report as people write it: «10.5000» is «10,5»."""
    return format_quantity(Decimal(str(told)))


def _sku_names(pks: list[int]) -> dict[int, str]:
    rows = Sku.objects.filter(pk__in=pks).values_list("pk", "product__name", "characteristic")
    return {pk: f"{name} ({own})" if own else name for pk, name, own in rows}
