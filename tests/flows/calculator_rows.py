"""Addresses of calculators and kept reckonings for the access matrix, and those that they name."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import uuid4

from catalog.models import Calculator
from orders.models import Calculation
from orders.services.calculations import Wanted, calculation_keep
from tests.factories import AT, World, actor_of

SIGNED_IN = "login 200 200 200 200 200 200 200 200 200 login"
CLIENTS = "login 200 200 200 200 200 403 403 403 403 login"
CLIENTS_ACT = "login 302 302 302 302 302 403 403 403 403 login"
NO_KEY = "login 400 400 400 400 400 403 403 403 403 login"
OWNER_SEES = "login 200 404 404 404 404 403 403 403 403 login"
OWNER_ACTS = "login 302 404 404 404 404 403 403 403 403 login"
OWNER_NO_KEY = "login 400 404 404 404 404 403 403 403 403 login"


def make_calculation(world: World) -> None:
    """The buyer's reckoning, which has a link."""
    calculator = Calculator.objects.create(slug="nails", name="Гвозди", is_published=True)
    calculator.inputs.create(name="area", label="Площадь", default="10")
    calculator.lines.create(label="Гвоздь", quantity="area", sku=world.skus[0])
    kept = calculation_keep(
        actor=actor_of(world.buyer),
        legal_entity_id=world.entity.pk,
        calculator_id=calculator.pk,
        name="Сарай",
        answers={"area": "10"},
        facts=[("Площадь", "10 м²")],
        goods=[Wanted("Гвоздь", world.skus[0].pk, Decimal(10))],
        at=AT,
    )
    Calculation.objects.filter(pk=kept.pk).update(token=uuid4())


def nothing(it: Any) -> dict[str, object]:
    return {}


def slug(it: Any) -> dict[str, object]:
    return {"slug": "nails"}


def own_pk(it: Any) -> dict[str, object]:
    return {"pk": Calculation.objects.get(user=it.world.buyer).pk}


def token(it: Any) -> dict[str, object]:
    return {"token": Calculation.objects.get(user=it.world.buyer).token}


CALCULATOR_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "orders:calculators": ("GET", nothing, SIGNED_IN),
    "orders:calculator": ("GET", slug, SIGNED_IN),
    "orders:calculator_keep": ("POST", slug, CLIENTS_ACT),
    "orders:calculator_cart": ("POST", slug, NO_KEY),
    "orders:calculations": ("GET", nothing, CLIENTS),
    "orders:calculation": ("GET", own_pk, OWNER_SEES),
    "orders:calculation_pdf": ("GET", own_pk, OWNER_SEES),
    "orders:calculation_cart": ("POST", own_pk, OWNER_NO_KEY),
    "orders:calculation_sharing": ("POST", own_pk, OWNER_ACTS),
    "orders:calculation_delete": ("POST", own_pk, OWNER_ACTS),
    "orders:calculation_shared": ("GET", token, CLIENTS),
    "orders:calculation_shared_cart": ("POST", token, NO_KEY),
    "orders:calculation_shared_keep": ("POST", token, CLIENTS_ACT),
}
