"""What an address or a form can name."""

from dataclasses import dataclass, field
from uuid import UUID

from catalog.models import Article, Calculator, City, Picture, ProductPaper, Section, Sku
from counterparties.models import (
    ConsentText,
    Contract,
    DeliveryAddress,
    LegalEntityBankAccount,
)


@dataclass(frozen=True)
class Goods:
    """What everybody may see."""

    city: City
    skus: tuple[Sku, ...]
    section: Section
    picture: Picture
    paper: ProductPaper
    article: Article
    calculator: Calculator
    consent_text: ConsentText


@dataclass(frozen=True)
class Corner:
    """One person's corner of a client: ids of everything there that an address or a form can name."""

    key: str
    ids: dict[str, int | str | UUID] = field(default_factory=dict)
    emails: tuple[str, ...] = ()

    @property
    def holding(self) -> str:
        return self.key[:1]

    @property
    def entity(self) -> str:
        return self.key[:2]


MISSING = Corner(
    "missing",
    dict.fromkeys(
        (
            "holding", "entity", "contract", "address", "account", "user", "membership", "asked_stage",
            "held_stage", "invitation", "role", "cart", "line", "draft", "order", "change", "access",
            "registration", "consent", "visit", "session", "key", "merge", "head_membership", "manager",
            "watch", "price_watch", "list_watch",
            "shipment", "code", "order_view", "notice", "shipment_request", "order_change",
            "contract_version", "contract_file", "difference", "message_file", "calculation",
            "claim",
        ),
        987_654_321,
    )
    | dict.fromkeys(
        (
            "document", "received", "exchange", "upd", "upload", "price_list", "price_list_file", "online",
            "document_task", "archive", "act", "quote", "thread", "claim_file",
        ),
        UUID("11111111-2222-4333-8444-555555555555"),
    )
    | {"total": "200.00", "inn": "7707083893", "offer_version": 1},
    ("nobody@missing.example",),
)  # fmt: skip


@dataclass(frozen=True)
class Firm:
    """What a legal entity needs to order with."""

    contract: Contract
    address: DeliveryAddress
    account: LegalEntityBankAccount
