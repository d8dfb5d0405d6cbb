"""2,000 clients with a legal entity and a contract each; who of them buys at conditions of his own."""

from collections.abc import Iterator

import numpy as np
import psycopg

from bench.large.copying import copy_in
from bench.large.goods import Skus
from bench.large.places import CITIES

CLIENTS, GROUPS, OPEN_TYPES = 2_000, 5, 20
BUYERS = 4
"""The first clients have a person who signs in; they buy at prices of their own, so that nothing is easy."""

PASSWORD = "bench-portal-2026"


def email_of(client: int) -> str:
    return f"buyer{client}@bench.example"


def fill_clients(connection: psycopg.Connection) -> None:
    copy_in(
        connection,
        "counterparties_clientgroup",
        "id name stock_mask",
        ((pk, f"Группа {pk}", "exact") for pk in range(1, GROUPS + 1)),
    )
    copy_in(
        connection,
        "counterparties_organization",
        "id name full_name inn tax_regime head_position invoice_valid_days",
        [(1, "ООО «Опт»", "ООО «Опт»", "7701000018", "osno", "Руководитель", 5)],
    )
    numbers = range(1, CLIENTS + 1)
    copy_in(
        connection,
        "counterparties_holding",
        "id name main_entity_id home_city_id group_id is_active allows_visits",
        ((pk, f"Клиент {pk}", pk, pk % CITIES + 1, _group(pk), True, True) for pk in numbers),
    )
    copy_in(
        connection,
        "counterparties_legalentity",
        "id holding_id kind name full_name inn kpp legal_address",
        (
            (
                pk,
                pk,
                "ooo",
                f"ООО «Клиент {pk}»",
                f"ООО «Клиент {pk}»",
                f"{7_702_000_000 + pk}",
                "770201001",
                "Москва",
            )
            for pk in numbers
        ),
    )
    copy_in(
        connection,
        "counterparties_contract",
        "id organization_id legal_entity_id number date currency state is_default",
        ((pk, 1, pk, f"Д-{pk}", "2026-01-12", "RUB", "active", True) for pk in numbers),
    )


def _group(client: int) -> int | None:
    return client % GROUPS + 1 if client % 10 < 7 else None


def fill_conditions(connection: psycopg.Connection, skus: Skus, random: np.random.Generator) -> None:
    """A third of the contracts has a price type, so have some clients; a fifth has agreed prices."""
    own = [client for client in range(1, CLIENTS + 1) if client % 3 == 0 or client <= BUYERS]
    copy_in(
        connection,
        "pricing_contractpricing",
        "id contract_id price_type_id",
        ((number, client, client % OPEN_TYPES + 1) for number, client in enumerate(own, 1)),
    )
    others = [client for client in range(1, CLIENTS + 1) if client % 3 == 1][::6]
    copy_in(
        connection,
        "pricing_holdingpricing",
        "id holding_id price_type_id",
        ((number, client, client % OPEN_TYPES + 1) for number, client in enumerate(others, 1)),
    )
    copy_in(
        connection,
        "pricing_individualprice",
        "id contract_id sku_id minimum_quantity amount",
        _agreed(skus, random),
    )


def _agreed(skus: Skus, random: np.random.Generator) -> Iterator[tuple]:
    number = 0
    for client in range(1, CLIENTS + 1):
        if client % 5 == 0 or client <= BUYERS:
            for sku in np.unique(random.choice(skus.ids, 20)).tolist():
                number += 1
                yield number, client, sku, 0, f"{int(random.integers(1_000, 500_000)) / 100:.2f}"
