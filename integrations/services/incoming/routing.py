"""What a file holds decides who takes it in."""

from pathlib import Path

from integrations.onec.incoming.file import holds_orders
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.file import load_file
from integrations.services.incoming.load import incoming_load


def uploaded_load(context: LoadContext, path: Path, *, is_sale: bool) -> None:
    """Load goods and offers, or orders and counterparties; a session of orders holds nothing else.

    Bitrix' module sends counterparties among goods. Raises ExchangeRefusal; the caller rolls back.
    """
    if is_sale or holds_orders(path, name=context.file_name):
        incoming_load(context, path)
    else:
        load_file(context, path)
