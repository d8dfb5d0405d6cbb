"""The order blank as it comes back: what its hidden sheet says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from orders.blank import KEYS, VERSION, row_add, rows_digest


@dataclass(frozen=True, slots=True)
class BlankMeta:
    """Which price list a blank is of, for which contract and city, and when it was made."""

    price_list: str
    city_id: int
    contract_id: int
    generated_at: datetime
    sha256: str

    def told(self, *, is_intact: bool) -> dict[str, Any]:
        """As an upload keeps it; `is_intact`: its rows and prices are as they went out."""
        return {
            "price_list": self.price_list,
            "city": self.city_id,
            "contract": self.contract_id,
            "generated_at": self.generated_at.isoformat(),
            "is_intact": is_intact,
        }


def blank_meta(rows: Iterable[Sequence[str]]) -> BlankMeta | None:
    """Read the hidden sheet; None where it is none of ours or of another version."""
    told = {row[0]: row[1] for row in rows if len(row) > 1}
    if not set(KEYS) <= told.keys() or told["version"] != VERSION:
        return None
    try:
        return BlankMeta(
            price_list=told["price_list"][:36],
            city_id=int(told["city"]),
            contract_id=int(told["contract"]),
            generated_at=datetime.fromisoformat(told["generated_at"]),
            sha256=told["sha256"],
        )
    except ValueError:
        return None


def is_intact(meta: BlankMeta, rows: Iterable[tuple[int, Decimal | None]]) -> bool:
    """Whether goods and prices of then are those that went out, in the same order."""
    digest = rows_digest()
    for sku_id, price in rows:
        row_add(digest, sku_id, price)
    return digest.hexdigest() == meta.sha256
