"""What stands above a price list."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from counterparties.models import HoldingUserObjectPermission, TaxRegime
from counterparties.permissions import SERVE_HOLDING
from documents.price_lists.goods import Buyer
from documents.price_lists.options import ListOptions
from portal.lib.dates import MOSCOW, format_date, moscow_date
from pricing.terms import ROUBLE, PriceTerms

VALID_DAYS = 7
NOT_AN_OFFER = "Не является публичной офертой (ст. 437 ГК РФ)."


@dataclass(frozen=True, slots=True)
class Heading:
    """Lines of text, ready to print."""

    seller: str
    title: str
    facts: str
    client: str
    manager: str
    notice: str

    @property
    def lines(self) -> tuple[str, ...]:
        """All but the seller and the title."""
        return tuple(line for line in (self.facts, self.client, self.manager, self.notice) if line)


def heading_of(buyer: Buyer, terms: PriceTerms, options: ListOptions, *, at: datetime) -> Heading:
    """One query: who serves the client."""
    seller = buyer.contract.organization
    day = moscow_date(at)
    vat = "цены указаны с учётом НДС" if options.is_vat_included else "цены указаны без НДС"
    if seller.tax_regime == TaxRegime.SIMPLIFIED_EXEMPT:
        vat = "НДС не облагается"
    facts = [
        f"Город: {buyer.city.name}",
        f"вид цен: {terms.price_type_name}" if terms.price_type_name else "",
        f"валюта: {ROUBLE}",
        vat,
    ]
    until = format_date(day + timedelta(days=VALID_DAYS))
    return Heading(
        seller=_joined(", ", seller.name, seller.phone, seller.email),
        title=f"Прайс-лист на {at.astimezone(MOSCOW):%d.%m.%Y %H:%M} (МСК)",
        facts=_joined(", ", *facts),
        client=f"Клиент: {buyer.legal_entity.name}, договор {buyer.contract}",
        manager=_manager(buyer.legal_entity.holding_id),
        notice=f"Прайс-лист действителен до {until}. {NOT_AN_OFFER}",
    )


def _manager(holding_id: int) -> str:
    """The first of the working managers who serve the client; empty where nobody does."""
    grants = HoldingUserObjectPermission.objects.filter(
        content_object=holding_id,
        permission__codename=SERVE_HOLDING,
        user__is_active=True,
        user__is_staff=True,
    )
    grant = grants.select_related("user").order_by("pk").first()
    if grant is None:
        return ""
    return "Ваш менеджер: " + _joined(", ", grant.user.get_full_name(), grant.user.phone, grant.user.email)


def _joined(sign: str, *parts: str) -> str:
    return sign.join(part for part in parts if part)
