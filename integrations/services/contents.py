"""What a file holds, taken in by whoever knows it: goods and offers, or orders, papers and clients."""

from pathlib import Path

from integrations.onec.incoming.file import holds_orders
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.file import load_file
from integrations.services.incoming.load import incoming_load


def content_load(*, context: LoadContext, path: Path, is_sale: bool = False) -> None:
    """Take a file in, in the one transaction of the caller; what came with `type=sale` holds orders.

    Raises ExchangeRefusal; the caller rolls back.
    """
    if is_sale or holds_orders(path, name=context.file_name):
        incoming_load(context, path)
    else:
        load_file(context, path)
