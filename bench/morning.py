"""The manager's morning with 300 clients, among 200,000 orders and as many shipments in the ledger."""

from bench.harness import Results
from bench.large import Catalogues
from bench.large.history import fill_with_history

GOODS = 5_000


def measure(target: str, catalogues: Catalogues, sizes: list[int]) -> Results:
    """The size of the catalogue is its own: this is about clients."""
    results = Results(target)
    catalogue = catalogues.filled("morning", GOODS, fill_with_history)
    results.rows += catalogue.inside("morning")
    return results
