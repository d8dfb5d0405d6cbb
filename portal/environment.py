"""Everything the portal reads from the environment, typed and checked at start.

One place on purpose: a setting that is missing or malformed stops the start with all faults
named at once, and `.env.example` is compared with this class by a test.
"""

from ipaddress import ip_network
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from portal import embedded

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development-only-secret-never-used-in-production"  # noqa: S105
SECOND_FACTOR_ROLES = frozenset({"managers", "administrators", "heads"})


class Environment(BaseSettings):
    """Settings of one installation; names in the environment are the upper-case field names."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore")

    environment: Literal["development", "demo", "test", "production"] = "development"
    secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    secret_key_fallbacks: str = ""
    allowed_hosts: str = "localhost,127.0.0.1,testserver"
    trusted_origins: str = ""
    trusted_proxies: int = Field(default=0, ge=0, le=5)

    database_url: str = ""
    # Start-up options of a session. Behind PgBouncer leave it empty and set them on the role.
    database_options: str = (
        "-c statement_timeout=60000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=120000"
    )
    redis_url: str = ""
    cache_url: str = ""

    var_directory: Path = ROOT / "var"
    files_directory: Path | None = None
    files_accel_prefix: str = ""

    email_url: str = ""
    email_from: str = "portal@example.com"
    site_url: str = "http://localhost:8000"

    # What a web process may keep of the catalogue index in memory.
    catalog_index_cache_mb: int = Field(default=64, ge=8, le=4_000)
    # Whether a registered person sees the city's prices before a manager has approved the company.
    prices_before_approval: bool = False
    dadata_key: SecretStr = SecretStr("")
    dadata_url: str = "https://suggestions.dadata.ru"
    dadata_timeout_seconds: float = Field(default=3.0, ge=0.1, le=10.0)

    # СДЭК tells the cost of delivery where an account is given.
    cdek_account: str = ""
    cdek_secret: SecretStr = SecretStr("")
    cdek_url: str = "https://api.cdek.ru"
    cdek_timeout_seconds: float = Field(default=3.0, ge=0.1, le=10.0)

    # Online payment through YooKassa; without a shop it is not offered.
    yookassa_shop_id: str = ""
    yookassa_secret_key: SecretStr = SecretStr("")
    yookassa_url: str = "https://api.yookassa.ru/v3"
    # 1 ОСН, 2 УСН доход, 3 УСН доход минус расход, 5 ЕСХН, 6 ПСН: stands on receipts.
    yookassa_tax_system: Literal[1, 2, 3, 5, 6] = 1
    # From where YooKassa tells of payments; empty: from anywhere, the payment is read anew in any case.
    yookassa_networks: str = (
        "185.71.76.0/27,185.71.77.0/27,77.75.153.0/25,77.75.154.128/25,77.75.156.11,77.75.156.35,"
        "2a02:5180::/32"
    )
    # Papers through an operator of ЭДО: the class that talks to him or nothing, and a folder for exchange.
    edo_operator: str = ""
    edo_drop_dir: Path | None = None
    # Under which identifier line 5б of a счёт-фактура stands in XML.
    edo_advance_sf_ident: str = Field(default="СчФАванс", min_length=1, max_length=50)

    # Whether an online payment is written into the ledger before 1C has sent its document.
    portal_posts_payments: bool = False

    # clamd that looks through files of clients: host:port or the path of its socket; empty: nobody does.
    antivirus_address: str = ""
    antivirus_timeout_seconds: float = Field(default=20.0, ge=0.1, le=60.0)
    # Letters of talks are answered to talk+...@mail.example; empty: letters are answered on the portal only.
    talk_mail_address: str = Field(default="", pattern=r"^$|^[a-z0-9._-]+@[a-z0-9.-]+$")
    # Where these answers come to: imaps://name:password@host:993/INBOX; empty: nobody asks.
    talk_mailbox_url: SecretStr = SecretStr("")
    # Signs letters that a mail server posts to /mail/inbound/; empty: the address is closed.
    talk_mail_secret: SecretStr = SecretStr("")
    # Before the end of a contract its manager is reminded so many days ahead; comma separated.
    contract_reminder_days: str = Field(default="60,30,14,7,1", pattern=r"^\d{1,3}(,\d{1,3}){0,9}$")

    # Webhooks and CRM systems are asked at public addresses only; networks of one's own are listed here.
    outward_networks: str = ""

    # Comma separated: managers, administrators, heads. Unset: all of them in production, else nobody.
    mfa_required_for: str | None = None

    # Whose advances are set against whose debts: of one contract, or of all contracts of one legal entity.
    credit_netting: Literal["contract", "counterparty"] = "contract"
    # Whether an advance makes room for orders that are not shipped yet.
    credit_advance_covers_reserve: bool = True
    # Only in tests: shows that they would see a limit overspent without its locks.
    portal_test_skip_locks: bool = False

    # What Prometheus brings as `Authorization: Bearer …`; empty: /metrics is for administrators only.
    metrics_token: SecretStr = SecretStr("")
    sentry_dsn: str = ""
    log_format: Literal["console", "json"] = "console"
    exchange_file_limit: int = Field(default=4_000_000, ge=100_000, le=100_000_000)
    exchange_poll_seconds: float = Field(default=15.0, ge=0.1, le=50.0)

    @model_validator(mode="after")
    def use_embedded_services(self) -> Self:
        """Fill in the addresses of the embedded servers where none are given."""
        if self.database_url and self.redis_url:
            return self
        running = embedded.services()
        if running is None:
            raise ValueError(
                "DATABASE_URL and REDIS_URL are not set and the embedded servers do not run: "
                "set them or run `make services`"
            )
        self.database_url = self.database_url or running.database_url
        self.redis_url = self.redis_url or running.redis_url
        return self

    @model_validator(mode="after")
    def refuse_development_secrets_in_production(self) -> Self:
        """Stop a production start with a well-known key or without a mail server."""
        if self.environment != "production":
            return self
        if self.secret_key.get_secret_value() == DEVELOPMENT_SECRET:
            raise ValueError("SECRET_KEY must be set in production")
        if not self.email_url:
            raise ValueError("EMAIL_URL must be set in production")
        return self

    @field_validator("outward_networks")
    @classmethod
    def know_outward_networks(cls, value: str) -> str:
        for part in filter(None, (text.strip() for text in value.split(","))):
            ip_network(part)
        return value

    @model_validator(mode="after")
    def know_roles_of_second_factor(self) -> Self:
        """Refuse a misspelt role: it would quietly ask nobody for a second step."""
        unknown = self.second_factor_roles - SECOND_FACTOR_ROLES
        if unknown:
            raise ValueError(f"MFA_REQUIRED_FOR knows no {', '.join(sorted(unknown))}")
        return self

    @property
    def second_factor_roles(self) -> frozenset[str]:
        """Who must have a second step at sign-in."""
        if self.mfa_required_for is None:
            return SECOND_FACTOR_ROLES if self.is_production else frozenset()
        return frozenset(self.listed(self.mfa_required_for))

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def company_lookup(self) -> str:
        """The directory of companies: DaData where there is a key, else everything is typed."""
        if self.dadata_key.get_secret_value():
            return "integrations.dadata.client.DadataLookup"
        return "counterparties.lookup.ManualEntry"

    @property
    def delivery_carriers(self) -> dict[str, str]:
        """Who tells the price of a carrier; without one a manager does."""
        return {"cdek": "integrations.cdek.carrier.CdekCarrier"} if self.cdek_account else {}

    @property
    def payment_gateway(self) -> str:
        """The provider of online payment: YooKassa where there is a shop, else none."""
        return "integrations.yookassa.client.YooKassaGateway" if self.yookassa_shop_id else ""

    def listed(self, value: str) -> list[str]:
        """Split a comma-separated setting."""
        return [part.strip() for part in value.split(",") if part.strip()]
