"""What to generate: the size of the catalogue and the moment of the export."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """Size and seed of a demonstration export; `formed_at` is ДатаФормирования, Moscow time as 1C has it."""

    goods: int = 3000
    properties: int = 150
    sections: int = 80
    seed: int = 2026
    portion: int = 1000
    pictures: bool = True
    formed_at: datetime = datetime(2026, 11, 23, 6, 0)  # noqa: DTZ001 - 1C writes local time without a zone
