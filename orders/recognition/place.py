"""For whom and where rows are recognised."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from catalog.masks import StockMask
from catalog.models import City
from counterparties.models import Contract
from counterparties.selectors import Workplace, stock_mask_of
from orders.models import Upload


@dataclass(frozen=True, slots=True)
class Place:
    """Whose codes count, at which prices and of which city's stock; how exactly stock is told."""

    holding_id: int
    contract: Contract
    city: City
    stock_mask: StockMask
    on: date

    @classmethod
    def of_workplace(cls, workplace: Workplace, *, on: date) -> Self | None:
        """None where there is nobody to buy for, no contract or no city."""
        entity, contract, city = workplace.legal_entity, workplace.contract, workplace.city
        if entity is None or contract is None or city is None:
            return None
        return cls(entity.holding_id, contract, city, workplace.stock_mask, on)

    @classmethod
    def of_upload(cls, upload: Upload, *, on: date) -> Self:
        """`legal_entity__holding__group`, `contract` and `city` should be loaded."""
        entity = upload.legal_entity
        return cls(entity.holding_id, upload.contract, upload.city, stock_mask_of(entity), on)
