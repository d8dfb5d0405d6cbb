"""The invented company and its clients: valid requisites, nobody unknown."""

from collections import Counter

from integrations.demo.fiction import (
    CITIES,
    CONTRACTS,
    HOLDINGS,
    ORGANIZATIONS,
    PEOPLE,
    STAFF,
    BankAccount,
    LegalEntityData,
    Requisites,
    beside,
)
from integrations.demo.kinds import KINDS
from integrations.demo.paper import paper_pdf
from integrations.demo.trade import PRICE_LEVELS, STOREHOUSES
from portal.files.sniffing import sniff_mime
from portal.lib.requisites import (
    account_error,
    bic_error,
    correspondent_account_error,
    inn_error,
    kpp_error,
    ogrn_error,
    ogrnip_error,
)

ENTITIES: list[LegalEntityData] = [entity for holding in HOLDINGS for entity in holding.entities]


def faults(requisites: Requisites, accounts: tuple[BankAccount, ...]) -> list[str | None]:
    told = [inn_error(requisites.inn)]
    if requisites.kpp:
        told += [kpp_error(requisites.kpp, requisites.inn), ogrn_error(requisites.ogrn)]
    else:
        told.append(ogrnip_error(requisites.ogrn))
    for each in accounts:
        told.append(bic_error(each.bank.bic))
        told.append(account_error(each.number, each.bank.bic))
        told.append(correspondent_account_error(each.bank.correspondent, each.bank.bic))
    return [fault for fault in told if fault]


def test_company_has_the_numbers_asked_for() -> None:
    assert (len(ORGANIZATIONS), len(CITIES), len(HOLDINGS), len(ENTITIES), len(PEOPLE)) == (2, 4, 5, 11, 15)
    assert Counter(person.is_administrator for person in STAFF) == {False: 3, True: 1}
    assert {entity.kind for entity in ENTITIES} == {"ooo", "ao", "ip"}
    assert {organization.tax_regime for organization in ORGANIZATIONS} == {"osno", "usn_5"}


def test_requisites_hold_every_check() -> None:
    firms = {each.key: (each.requisites, each.accounts) for each in (*ORGANIZATIONS, *ENTITIES)}

    assert {key: faults(*firm) for key, firm in firms.items() if faults(*firm)} == {}


def test_requisites_and_accounts_do_not_repeat() -> None:
    firms = (*ORGANIZATIONS, *ENTITIES)

    assert max(Counter(firm.requisites.inn for firm in firms).values()) == 1
    assert max(Counter(firm.requisites.ogrn for firm in firms).values()) == 1
    assert max(Counter(each.number for firm in firms for each in firm.accounts).values()) == 1


def test_entrepreneurs_have_no_kpp_and_an_account_of_theirs() -> None:
    for entity in ENTITIES:
        sole = entity.kind == "ip"
        assert (entity.requisites.kpp == "") is sole
        assert {each.number[:5] for each in entity.accounts} == {"40802" if sole else "40702"}


def test_people_have_every_role_and_act_inside_their_holding() -> None:
    entities = {holding.key: {entity.key for entity in holding.entities} for holding in HOLDINGS}

    assert {person.role for person in PEOPLE} == {"head", "accountant", "buyer", "receiver", "viewer"}
    assert {person.holding for person in PEOPLE if person.role == "head"} == set(entities)
    assert [person.email for person in PEOPLE if not set(person.entities) <= entities[person.holding]] == []


def test_mail_addresses_are_unique_and_of_example_domains() -> None:
    addresses = [person.email for person in (*PEOPLE, *STAFF)]

    assert len(set(addresses)) == len(addresses)
    assert [address for address in addresses if not address.endswith(".example")] == []


def test_managers_serve_every_holding() -> None:
    managers = {person.email for person in STAFF if not person.is_administrator}

    assert {holding.manager for holding in HOLDINGS} == managers


def test_contracts_join_known_sides_and_one_is_the_usual() -> None:
    usual = Counter(contract.entity for contract in CONTRACTS if contract.is_default)

    assert usual == {entity.key: 1 for entity in ENTITIES}
    assert {contract.organization for contract in CONTRACTS} == {each.key for each in ORGANIZATIONS}
    assert len({contract.number for contract in CONTRACTS}) == len(CONTRACTS)
    open_levels = {level.key for level in PRICE_LEVELS if not level.hidden}
    assert {contract.price_level for contract in CONTRACTS} <= open_levels


def test_cities_are_served_by_known_warehouses() -> None:
    houses = {house.key for house in STOREHOUSES}

    assert {key for city in CITIES for key, _ in city.warehouses} == houses
    assert {city.name for city in CITIES} == {house.city for house in STOREHOUSES}
    delivered = {point.city for entity in ENTITIES for point in entity.delivery}
    assert delivered == {city.name for city in CITIES}


# --- what the company keeps beside 1C's goods -------------------------------------------------------
def test_fiction_names_kinds_properties_and_sections_that_exist() -> None:
    kinds = {kind.short for kind in KINDS}
    properties = {each.name for kind in KINDS for each in kind.props}
    sections = {name for kind in KINDS for name in kind.path}
    goods = {name for data in (*beside.APPLICATIONS, *beside.PAPERS) for name in data.goods}
    goods |= {name for data in beside.ACCESSORIES for name in (data.goods, *data.with_goods)}
    facets = {data.property for facets in beside.FACETS.values() for data in facets}

    assert goods <= kinds
    assert facets | {data.property for data in beside.ACCESSORIES} <= properties
    assert set(beside.FACETS) <= sections
    assert set(beside.POLICIES) == {city.name for city in CITIES}
    assert set(beside.MASKED_GROUP[2]) <= {holding.name for holding in HOLDINGS}


def test_paper_is_a_pdf_and_the_same_each_time() -> None:
    assert sniff_mime(paper_pdf(1)) == "application/pdf"
    assert paper_pdf(1) == paper_pdf(1)
    assert paper_pdf(1) != paper_pdf(2)
