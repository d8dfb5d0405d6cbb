"""`manage.py check_invariants`: ask the database whether all that must hold does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.invariants import INVARIANTS as OF_DOCUMENTS
from finance.invariants import INVARIANTS as OF_FINANCE
from orders.invariants import INVARIANTS as OF_ORDERS
from portal.lib.invariants import broken

ALL = (*OF_FINANCE, *OF_ORDERS, *OF_DOCUMENTS)


class Command(BaseCommand):
    """Read only; ends with 1 where something is broken."""

    help = "Check sums, reserves, numbers and the ledger; print what is broken, with keys."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        faults = list(broken(ALL))
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            raise CommandError(f"Нарушено: {len(faults)} из {len(ALL)}")
        self.stdout.write(f"Проверено: {len(ALL)}, нарушений нет")
