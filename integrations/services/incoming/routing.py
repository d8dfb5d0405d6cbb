"""Whose file an uploaded XML is: goods, or orders and counterparties in either of 1C's formats."""

from pathlib import Path

from integrations.onec.enterprise.file import holds_message
from integrations.onec.incoming.file import holds_orders
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.file import load_file
from integrations.services.incoming.enterprise import enterprise_load
from integrations.services.incoming.load import incoming_load


def uploaded_load(context: LoadContext, path: Path, *, is_sale: bool) -> None:
    """Load goods and offers, or orders and counterparties; a session of orders holds nothing else.

    Bitrix' module sends counterparties among goods, EnterpriseData comes in sessions of either kind.
    Raises ExchangeRefusal; the caller rolls back.
    """
    if holds_message(path, name=context.file_name):
        enterprise_load(context, path)
    elif is_sale or holds_orders(path, name=context.file_name):
        incoming_load(context, path)
    else:
        load_file(context, path)
