"""A good on its way from the file to its rows."""

from dataclasses import dataclass

from integrations.onec.reading.records import GoodRecord


@dataclass(frozen=True, slots=True)
class StagedGood:
    """A good of the file and the product it becomes; `is_leading` speaks for the product itself."""

    record: GoodRecord
    product_id: int
    is_new: bool
    is_leading: bool
