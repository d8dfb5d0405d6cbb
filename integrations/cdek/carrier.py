"""The cost of a parcel as СДЭК's calculator tells it."""

import hashlib
from decimal import ROUND_CEILING, ROUND_UP, Decimal, InvalidOperation
from typing import Any, cast

import structlog
from django.conf import settings
from django.core.cache import cache

from integrations.cdek.wire import CdekFault, CdekRefusal, CdekTired, CdekUnknownToken, ask
from orders.delivery import CarrierUnavailable, Parcel, Receiver
from portal.lib.money import q2
from portal.lib.resting import Rest

log = structlog.get_logger(__name__)

_TOKEN_PATH, _COST_PATH = "/v2/oauth/token", "/v2/calculator/tariff"
_EARLIER_SECONDS = 60
REST = Rest("cdek", failures=3, seconds=60)
_HEAVIEST_KG = Decimal(30)
_MOST_PLACES = 255
_GRAMS, _CENTIMETRES = Decimal(1000), Decimal(1_000_000)


class CdekCarrier:
    """`orders.delivery.Carrier`. One try without repeats, but for a token that has just run out."""

    def cost(self, *, tariff_code: int, receiver: Receiver, parcel: Parcel) -> Decimal:
        """Roubles with VAT. Raises CarrierUnavailable."""
        if REST.is_on():
            raise CarrierUnavailable("resting")
        try:
            return _cost(_asked(_question(tariff_code, receiver, parcel)))
        except CdekTired as tired:
            REST.ask_for(tired.seconds)
            log.warning("cdek_tired", seconds=tired.seconds)
            raise
        except CdekRefusal as refusal:
            log.info("cdek_refused", reason=str(refusal), tariff=tariff_code)
            raise
        except CdekFault as fault:
            REST.failed()
            log.warning("cdek_failed", reason=str(fault))
            raise


def _asked(question: dict[str, Any]) -> object:
    try:
        return ask(_COST_PATH, token=_token(), body=question)
    except CdekUnknownToken:
        cache.delete(_token_key())
    try:
        return ask(_COST_PATH, token=_token(), body=question)
    except CdekUnknownToken as error:
        raise CdekFault("a fresh token is refused") from error


def _token() -> str:
    """A token, kept until a minute before it runs out."""
    kept = cache.get(_token_key())
    if kept:
        return cast(str, kept)
    account = {
        "grant_type": "client_credentials",
        "client_id": settings.CDEK_ACCOUNT,
        "client_secret": settings.CDEK_SECRET,
    }
    try:
        answer = ask(_TOKEN_PATH, form=account)
        token, lives = str(answer["access_token"]), int(answer["expires_in"])
    except CdekUnknownToken as error:
        raise CdekFault("account is refused") from error
    except (KeyError, TypeError, ValueError) as error:
        raise CdekFault("no token in the answer") from error
    if lives > _EARLIER_SECONDS:
        cache.set(_token_key(), token, lives - _EARLIER_SECONDS)
    return token


def _token_key() -> str:
    return f"cdek:token:{hashlib.sha256(settings.CDEK_ACCOUNT.encode()).hexdigest()[:32]}"


def _question(tariff_code: int, receiver: Receiver, parcel: Parcel) -> dict[str, Any]:
    if parcel.weight is None:
        raise CarrierUnavailable("weight is not known")
    return {
        "type": 1,
        "currency": 1,
        "tariff_code": tariff_code,
        "from_location": {"address": parcel.sender},
        "to_location": {"city": receiver.city, "address": receiver.address},
        "packages": _packages(parcel.weight, parcel.volume),
    }


def _packages(weight: Decimal, volume: Decimal | None) -> list[dict[str, int]]:
    """Equal places of thirty kilograms at most, as cubes where the volume is known."""
    places = max(int((weight / _HEAVIEST_KG).to_integral_value(ROUND_CEILING)), 1)
    if places > _MOST_PLACES:
        raise CarrierUnavailable("too heavy")
    package = {"weight": max(int((weight * _GRAMS / places).to_integral_value(ROUND_UP)), 1)}
    if volume:
        side = (volume * _CENTIMETRES / places) ** (Decimal(1) / 3)
        edge = max(int(side.to_integral_value(ROUND_CEILING)), 1)
        package |= {"length": edge, "width": edge, "height": edge}
    return [dict(package) for _place in range(places)]


def _cost(answer: object) -> Decimal:
    """`total_sum` holds services and VAT. Raises CdekFault for an answer of another shape."""
    if not isinstance(answer, dict) or answer.get("currency", "RUB") != "RUB":
        raise CdekFault("unexpected answer")
    told = answer.get("total_sum", answer.get("delivery_sum"))
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        raise CdekFault("no sum in the answer")
    try:
        cost = q2(Decimal(str(told)))
    except InvalidOperation as error:
        raise CdekFault("the sum is no number") from error
    if not cost.is_finite() or cost < 0:
        raise CdekFault("the sum is no price")
    return cost
