"""Plain functions that make rows for tests; what is not said gets a sensible value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from guardian.shortcuts import assign_perm

from accounts.models import User
from accounts.permissions import Stage
from catalog.models import City, CityWarehouse, Product, Sku, Stock, Unit, Warehouse
from catalog.search.letters import code_key
from counterparties.actor import Actor
from counterparties.models import (
    Contract,
    DeliveryAddress,
    Holding,
    LegalEntity,
    LegalEntityKind,
    Membership,
    Organization,
    OrganizationBankAccount,
)
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY, FIRST_STAGE, SERVE_HOLDING, ReadyRole
from counterparties.selectors import actor_for
from counterparties.services.roles import ready_role
from counterparties.services.stages import stage_give
from orders.models import (
    Cart,
    CartLine,
    ClientCode,
    CodeSource,
    Upload,
    UploadRow,
    UploadSource,
    UploadState,
)
from portal.files.services import store
from portal.lib.dates import MOSCOW
from portal.lib.sorting import name_sort_key
from pricing.models import CityPriceType, ContractPricing, Price, PriceType
from tests.numbers import numbers

AT = datetime(2026, 11, 23, 10, 41, tzinfo=MOSCOW)
TODAY = date(2026, 11, 23)
VAT_22 = Decimal(22)

_INN_WEIGHTS = (2, 4, 10, 3, 5, 9, 4, 6, 8)


# --- where goods lie and what they cost ----------------------------------------------------------
def make_price_type(
    name: str = "Оптовая", *, is_open: bool = True, is_vat_included: bool = True, currency: str = "RUB"
) -> PriceType:
    return PriceType.objects.create(
        name=name, is_open=is_open, is_vat_included=is_vat_included, currency=currency
    )


def default_price_type() -> PriceType:
    """The price type that cities and skus get when none is named; made when first needed."""
    return PriceType.objects.filter(name="Оптовая", is_open=True).order_by("pk").first() or make_price_type()


def make_city(name: str = "Москва", *, price_type: PriceType | None = None, is_active: bool = True) -> City:
    """A city that is sold to at the default prices unless others are named."""
    city = City.objects.create(name=name, position=numbers.next() % 30_000, is_active=is_active)
    CityPriceType.objects.create(city=city, price_type=price_type or default_price_type())
    return city


def make_warehouse(
    city: City | None = None, *, name: str = "", delivery_days: int = 1, position: int | None = None
) -> Warehouse:
    """A warehouse; with a city it serves it after those that were given before."""
    warehouse = Warehouse.objects.create(name=name or f"Склад {numbers.next()}")
    if city is not None:
        place = city.served_by.count() if position is None else position
        CityWarehouse.objects.create(
            city=city, warehouse=warehouse, position=place, delivery_days=delivery_days
        )
    return warehouse


def make_unit(code: str = "796", name: str = "шт") -> Unit:
    return Unit.objects.get_or_create(code=code, name=name)[0]


def make_product(
    name: str = "",
    *,
    article: str | None = None,
    vat_percent: Decimal | None = VAT_22,
    unit: Unit | None = None,
    is_hidden: bool = False,
) -> Product:
    number = numbers.next()
    name = name or f"Болт DIN 933 М8х{number} оц."
    return Product.objects.create(
        name=name,
        sort_key=name_sort_key(name),
        article=f"ART-{number:05d}" if article is None else article,
        unit=unit or make_unit(),
        vat_percent=vat_percent,
        is_hidden=is_hidden,
    )


def make_sku(
    name: str = "",
    *,
    price: Decimal | int | str | None = 100,
    stock: Mapping[Warehouse, Decimal | int | str] | None = None,
    price_type: PriceType | None = None,
    product: Product | None = None,
    characteristic: str = "",
    article: str | None = None,
    vat_percent: Decimal | None = VAT_22,
    unit: Unit | None = None,
    is_hidden: bool = False,
) -> Sku:
    """A sku with its product, price in the default price type (None: no price) and stock."""
    product = product or make_product(name, article=article, vat_percent=vat_percent, unit=unit)
    sku = Sku.objects.create(
        product=product, characteristic=characteristic, article=product.article, is_hidden=is_hidden
    )
    if price is not None:
        make_price(sku, price, price_type=price_type)
    for warehouse, free in (stock or {}).items():
        make_stock(sku, warehouse, free)
    return sku


def make_price(sku: Sku, amount: Decimal | int | str, *, price_type: PriceType | None = None) -> Price:
    return Price.objects.create(
        sku=sku, price_type=price_type or default_price_type(), amount=Decimal(amount), updated_at=AT
    )


def make_stock(
    sku: Sku, warehouse: Warehouse, free: Decimal | int | str, *, reserved: Decimal | int | str = 0
) -> Stock:
    return Stock.objects.create(
        sku=sku, warehouse=warehouse, free=Decimal(free), reserved=Decimal(reserved), updated_at=AT
    )


# --- the seller, clients, people -----------------------------------------------------------------
def make_inn(number: int | None = None) -> str:
    """A ten-digit ИНН with the right check digit."""
    body = f"77{(number or numbers.next()) % 10_000_000:07d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _INN_WEIGHTS, strict=True))
    return f"{body}{total % 11 % 10}"


def make_organization(
    name: str = "ООО «Опт-Портал»", *, confirms_orders_itself: bool = False
) -> Organization:
    """The seller with one bank account, fit for an invoice."""
    organization = Organization.objects.create(
        name=name,
        full_name=f"Общество с ограниченной ответственностью {name.removeprefix('ООО ')}",
        inn=make_inn(),
        kpp="770101001",
        address="125009, г. Москва, ул. Тверская, д. 9, стр. 1",
        phone="+7 495 000-00-00",
        head_name="Волков П. С.",
        accountant_name="Орлова Е. Н.",
        confirms_orders_itself=confirms_orders_itself,
    )
    OrganizationBankAccount.objects.create(
        organization=organization,
        bank_name="ПАО СБЕРБАНК г. Москва",
        bic="044525225",
        correspondent_account="30101810400000000225",
        account="40702810138250123017",
        is_default=True,
    )
    return organization


def make_holding(name: str = "", *, city: City | None = None) -> Holding:
    name = name or f"Группа «Дилер {numbers.next()}»"
    return Holding.objects.create(name=name, home_city=city or City.objects.first() or make_city())


def make_legal_entity(holding: Holding | None = None, *, name: str = "", inn: str = "") -> LegalEntity:
    """A firm of the holding; the first one becomes the main one."""
    holding = holding or make_holding()
    name = name or f"ООО «Дилер {numbers.next()}»"
    entity = LegalEntity.objects.create(
        holding=holding,
        kind=LegalEntityKind.OOO,
        name=name,
        full_name=f"Общество с ограниченной ответственностью {name.removeprefix('ООО ')}",
        inn=inn or make_inn(),
        kpp="770101001",
        legal_address="198095, г. Санкт-Петербург, ул. Швецова, д. 23",
        email=f"docs{numbers.next()}@dealer.example",
    )
    if holding.main_entity_id is None:
        holding.main_entity = entity
        holding.save(update_fields=["main_entity"])
    return entity


def make_contract(
    entity: LegalEntity | None = None,
    *,
    organization: Organization | None = None,
    number: str = "",
    price_type: PriceType | None = None,
    is_default: bool = True,
) -> Contract:
    """A contract with the seller; with a price type it changes the client's prices."""
    contract = Contract.objects.create(
        organization=organization or Organization.objects.order_by("pk").first() or make_organization(),
        legal_entity=entity or make_legal_entity(),
        number=number or f"Д-{numbers.next()}",
        date=date(2026, 1, 12),
        is_default=is_default,
    )
    if price_type is not None:
        ContractPricing.objects.create(contract=contract, price_type=price_type)
    return contract


def make_address(entity: LegalEntity, *, city: City | None = None, address: str = "") -> DeliveryAddress:
    return DeliveryAddress.objects.create(
        legal_entity=entity,
        city=city or entity.holding.home_city,
        address=address or f"г. Москва, ул. Складская, д. {numbers.next()}",
        contact_name="Петров Иван",
        contact_phone="+7 900 000-00-00",
    )


def make_user(
    full_name: str = "", *, email: str = "", is_staff: bool = False, is_superuser: bool = False
) -> User:
    """A person without a password: sign in with `client.force_login`."""
    number = numbers.next()
    return User.objects.create_user(
        email or f"person{number}@example.com",
        full_name=full_name or f"Сотрудник {number}",
        is_staff=is_staff,
        is_superuser=is_superuser,
    )


def make_person(
    holding: Holding | None = None,
    role: str = ReadyRole.BUYER,
    *,
    full_name: str = "",
    email: str = "",
    legal_entities: list[LegalEntity] | None = None,
    valid_until: date | None = None,
    stage: Stage | None = None,
) -> User:
    """A client's person for the whole holding, or only for the named legal entities.

    Without a stage a buyer sees documents, others have what an invitation proposes for their role.
    """
    person = make_user(full_name, email=email)
    membership = Membership.objects.create(
        user=person,
        holding=holding or make_holding(),
        role=ready_role(role),
        is_whole_holding=legal_entities is None,
        valid_until=valid_until,
    )
    for entity in legal_entities or []:
        assign_perm(ACT_FOR_LEGAL_ENTITY, person, entity)
    usual = Stage.DOCUMENTS if role == ReadyRole.BUYER else FIRST_STAGE[ReadyRole(role)]
    stage_give(
        membership=membership,
        stage=stage or usual,
        legal_entity_ids=None if legal_entities is None else [entity.pk for entity in legal_entities],
        valid_until=None,
        decided_by_id=None,
        at=AT,
    )
    return person


def make_manager(*holdings: Holding, full_name: str = "") -> User:
    """An employee of the distributor who serves the holdings."""
    manager = make_user(full_name, is_staff=True)
    for holding in holdings:
        assign_perm(SERVE_HOLDING, manager, holding)
    return manager


def actor_of(user: User, *, impersonator: User | None = None) -> Actor:
    """The actor that the middleware would build for the person today."""
    return actor_for(user, on=TODAY, impersonator_id=impersonator.pk if impersonator else None)


def make_cart(
    user: User,
    contract: Contract,
    city: City,
    lines: Mapping[Sku, Decimal | int | str] | None = None,
    *,
    drafted_by: User | None = None,
) -> Cart:
    """A current cart with lines, made past the services; with `drafted_by` a manager's draft."""
    cart = Cart.objects.create(
        user=user,
        legal_entity_id=contract.legal_entity_id,
        contract=contract,
        city=city,
        drafted_by=drafted_by,
    )
    CartLine.objects.bulk_create(
        CartLine(cart=cart, sku=sku, quantity=Decimal(quantity)) for sku, quantity in (lines or {}).items()
    )
    return cart


def make_upload(person: User, cart: Cart, sku: Sku, *, name: str = "заказ.csv") -> Upload:
    """An upload of one ready row for the place of a cart, made past the services."""
    content = f"{sku.article};1".encode()
    upload = Upload.objects.create(
        user=person,
        legal_entity_id=cart.legal_entity_id,
        contract_id=cart.contract_id,
        city_id=cart.city_id,
        source=UploadSource.FILE,
        original=store(content=content, name="order.csv", mime="text/csv"),
        file_name=name,
        state=UploadState.READY,
        row_count=1,
        rows_done=1,
        created_at=AT,
        expires_at=AT + timedelta(days=90),
    )
    UploadRow.objects.create(
        upload=upload,
        position=1,
        cells=[sku.article, "1"],
        state="ready",
        code=sku.article,
        sku=sku,
        quantity=1,
    )
    return upload


def make_code(holding: Holding, sku: Sku, *, code: str = "Б-1") -> ClientCode:
    """A holding's own code of a sku."""
    return ClientCode.objects.create(
        holding=holding, code=code, key=code_key(code), sku=sku, source=CodeSource.HAND
    )


@dataclass(frozen=True)
class World:
    """One seller, a city with two warehouses, three goods, two clients and a manager of the first."""

    organization: Organization
    city: City
    main_warehouse: Warehouse
    second_warehouse: Warehouse
    price_type: PriceType
    skus: tuple[Sku, Sku, Sku]
    holding: Holding
    entity: LegalEntity
    contract: Contract
    address: DeliveryAddress
    buyer: User
    head: User
    other_holding: Holding
    other_entity: LegalEntity
    other_contract: Contract
    other_buyer: User
    manager: User
    other_manager: User
    administrator: User


def make_world() -> World:
    """Prices 100, 250,50 and 10; the main warehouse has 10 of each, the second 5."""
    price_type = make_price_type()
    city = make_city(price_type=price_type)
    main, second = make_warehouse(city, name="Основной склад"), make_warehouse(city, name="Дальний склад")
    stock = {main: 10, second: 5}
    organization = make_organization()
    holding = make_holding("Группа «Север»", city=city)
    entity = make_legal_entity(holding, name="ООО «Север»")
    other_holding = make_holding("Группа «Юг»", city=city)
    other_entity = make_legal_entity(other_holding, name="ООО «Юг»")
    return World(
        organization=organization,
        city=city,
        main_warehouse=main,
        second_warehouse=second,
        price_type=price_type,
        skus=(
            make_sku("Болт М8х40", price=100, stock=stock),
            make_sku("Кабель ВВГнг 3х2,5", price="250.50", stock=stock, unit=make_unit("006", "м")),
            make_sku("Книга учёта", price=10, stock=stock, vat_percent=Decimal(10)),
        ),
        holding=holding,
        entity=entity,
        contract=make_contract(entity, organization=organization),
        address=make_address(entity, city=city),
        buyer=make_person(holding, ReadyRole.BUYER, full_name="Ирина Закупкина"),
        head=make_person(holding, ReadyRole.HEAD, full_name="Олег Главный"),
        other_holding=other_holding,
        other_entity=other_entity,
        other_contract=make_contract(other_entity, organization=organization),
        other_buyer=make_person(other_holding, ReadyRole.BUYER),
        manager=make_manager(holding, full_name="Мария Менеджерова"),
        other_manager=make_manager(other_holding),
        administrator=make_user("Администратор", is_staff=True, is_superuser=True),
    )
