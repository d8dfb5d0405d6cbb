"""What to generate: the size of the catalogue and the moment of the export."""

from dataclasses import dataclass
from datetime import datetime

_USUAL_MOMENT = datetime.fromisoformat("2026-11-23T06:00:00")


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """Size and seed of a demonstration export; `formed_at` is ДатаФормирования, Moscow time as 1C has it."""

    goods: int = 3000
    properties: int = 150
    sections: int = 80
    seed: int = 2026
    portion: int = 1000
    pictures: bool = True
    price_levels: int = 5
    storehouses: int = 6
    formed_at: datetime = _USUAL_MOMENT
