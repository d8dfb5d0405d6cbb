"""Files that would change too much: not applied, shown to an administrator."""

from typing import Any

import structlog

from integrations.models import ExchangeNode
from integrations.onec.loading.breaker import Limits, MassChanges, Sweep
from integrations.onec.loading.context import LoadContext

log = structlog.get_logger()


class HeldBack(Exception):
    """The file changes too much: roll back, keep `report` for the administrator."""

    def __init__(self, report: dict[str, Any]) -> None:
        super().__init__()
        self.report = report


def breaker_check(*, context: LoadContext, node: ExchangeNode) -> None:
    """Raise HeldBack when what was just loaded must not stay."""
    excesses = breaker_excesses(mass=context.mass, node=node) if node.is_breaker_on else []
    if excesses:
        log.error("exchange_file_held", node=node.code, name=context.file_name, reasons=excesses)
        raise HeldBack({**context.report.as_json(), "held": held_report(excesses, context.mass)})


def breaker_excesses(*, mass: MassChanges, node: ExchangeNode) -> list[str]:
    """Say in words what of these changes is too much for the base's limits."""
    limits = Limits(
        rows=node.breaker_rows,
        price_step=node.price_step_limit,
        price_share=node.price_share_limit,
        stock_share=node.stock_share_limit,
        hidden_share=node.hidden_share_limit,
    )
    return mass.excesses(limits)


def held_report(excesses: list[str], mass: MassChanges) -> dict[str, Any]:
    """Plain data for the preview: why, and what for example."""
    return {
        "reasons": excesses,
        "samples": {"prices": _rows(mass.prices), "stock": _rows(mass.stock), "goods": _rows(mass.goods)},
    }


def _rows(sweep: Sweep) -> list[list[Any]]:
    return [[sample.pk, str(sample.before), str(sample.after)] for sample in sweep.samples]
