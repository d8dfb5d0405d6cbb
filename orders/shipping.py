"""What a client says of a shipment that he asks for."""

from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class ShipmentWish:
    """How, where to and when; the hours are of Moscow, the power of attorney is who takes the goods."""

    method: str
    desired_date: date
    delivery_address_id: int | None = None
    carrier: str = ""
    contact: str = ""
    hour_from: time | None = None
    hour_to: time | None = None
    loading: str = ""
    pallets: int | None = None
    driver: str = ""
    driver_phone: str = ""
    driver_paper: str = ""
    car: str = ""
    attorney_number: str = ""
    attorney_date: date | None = None
    attorney_until: date | None = None
    is_edo: bool = False
    comment: str = ""
