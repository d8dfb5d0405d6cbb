"""Pages of money with 200,000 shipments and their payments behind them."""

from bench.harness import Results
from bench.large import Catalogues

GOODS = 5_000


def measure(target: str, catalogues: Catalogues, sizes: list[int]) -> Results:
    """The size of the catalogue is its own: this is about the ledger."""
    results = Results(target)
    results.rows += catalogues.of(GOODS).inside("money")
    return results
