"""The demonstration company and its clients as data. Every firm, person and number is invented.

Codes of legal form, tax regime and role are the ones that the portal stores. Money is RUB with VAT.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from integrations.demo.requisites import account, legal_inn, ogrn, ogrnip, person_inn


@dataclass(frozen=True, slots=True)
class Requisites:
    """Numbers of a firm; an entrepreneur has no КПП."""

    inn: str
    kpp: str
    ogrn: str


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank that does not exist at a БИК whose checks hold."""

    name: str
    bic: str
    correspondent: str


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A settlement account in roubles."""

    bank: Bank
    number: str


@dataclass(frozen=True, slots=True)
class OrganizationData:
    """A seller's own firm, with the people who sign its papers."""

    key: str
    short_name: str
    full_name: str
    requisites: Requisites
    tax_regime: str
    address: str
    phone: str
    email: str
    head_position: str
    head: str
    accountant: str
    invoice_prefix: str
    accounts: tuple[BankAccount, ...]


@dataclass(frozen=True, slots=True)
class CityData:
    """A city, the warehouses that serve it in their order with days of delivery, and its price type."""

    name: str
    warehouses: tuple[tuple[str, int], ...]
    price_level: str


@dataclass(frozen=True, slots=True)
class DeliveryPoint:
    """Where goods of a legal entity are brought."""

    city: str
    address: str
    contact: str
    phone: str
    hours: str


@dataclass(frozen=True, slots=True)
class LegalEntityData:
    """A client's legal entity."""

    key: str
    kind: str
    name: str
    full_name: str
    requisites: Requisites
    address: str
    phone: str
    email: str
    accounts: tuple[BankAccount, ...]
    delivery: tuple[DeliveryPoint, ...]


@dataclass(frozen=True, slots=True)
class HoldingData:
    """A client; its first legal entity is the main one."""

    key: str
    name: str
    city: str
    manager: str
    entities: tuple[LegalEntityData, ...]


@dataclass(frozen=True, slots=True)
class PersonData:
    """A client's person; empty `entities` means the whole holding."""

    email: str
    full_name: str
    position: str
    phone: str
    holding: str
    role: str
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StaffData:
    """A person of the seller: a manager or an administrator."""

    email: str
    full_name: str
    position: str
    phone: str
    is_administrator: bool = False


@dataclass(frozen=True, slots=True)
class ContractData:
    """A contract between a seller's firm and a client's legal entity; the limit is in RUB."""

    number: str
    date: date
    organization: str
    entity: str
    price_level: str
    deferral_days: int
    credit_limit: Decimal
    is_default: bool = True


def _legal(nine: str, year: str, serial: str) -> Requisites:
    return Requisites(legal_inn(nine), f"{nine[:4]}01001", ogrn(f"1{year}{nine[:2]}{serial}"))


def _sole(ten: str, year: str, serial: str) -> Requisites:
    return Requisites(person_inn(ten), "", ogrnip(f"3{year}{ten[:2]}{serial}"))


_STOLICHNY: Final = Bank("АО «Банк Столичный Мост», г. Москва", "044525974", "30101810145250000974")
_GOSTINY: Final = Bank("ПАО «Гостиный Двор Банк», г. Москва", "044525187", "30101810700000000187")
_ZERNOVOY: Final = Bank("АО «Зерновой Кредит», г. Москва", "044525593", "30101810200000000593")
_NARODNY: Final = Bank("ПАО «Банк Народный Рубль», г. Москва", "044525225", "30101810400000000225")


def _firm_account(bank: Bank, serial: str) -> BankAccount:
    return BankAccount(bank, account(bank.bic, "40702", serial))


def _sole_account(bank: Bank, serial: str) -> BankAccount:
    return BankAccount(bank, account(bank.bic, "40802", serial))


ORGANIZATIONS: Final = (
    OrganizationData(
        key="opora",
        short_name="ООО «Опора Комплект»",
        full_name="Общество с ограниченной ответственностью «Опора Комплект»",
        requisites=_legal("779901001", "18", "7990101"),
        tax_regime="osno",
        address="142101, Московская область, г. Подольск, ул. Складская, д. 4, офис 301",
        phone="+7 495 000-11-22",
        email="office@opora.example",
        head_position="Генеральный директор",
        head="Заречный Павел Андреевич",
        accountant="Мельникова Ирина Викторовна",
        invoice_prefix="ОК",
        accounts=(_firm_account(_STOLICHNY, "00100000101"), _firm_account(_NARODNY, "38000000102")),
    ),
    OrganizationData(
        key="krepezh",
        short_name="ИП Заречная О. П.",
        full_name="Индивидуальный предприниматель Заречная Ольга Павловна",
        requisites=_sole("7799020021", "21", "799000021"),
        tax_regime="usn_5",
        address="141401, Московская область, г. Химки, Вашутинское шоссе, д. 29",
        phone="+7 495 000-11-33",
        email="krepezh@opora.example",
        head_position="Индивидуальный предприниматель",
        head="Заречная Ольга Павловна",
        accountant="",
        invoice_prefix="ЗР",
        accounts=(_sole_account(_GOSTINY, "00200000201"),),
    ),
)

CITIES: Final = (
    CityData("Москва", (("podolsk", 1), ("khimki", 1), ("shushary", 4)), "wholesale"),
    CityData("Санкт-Петербург", (("shushary", 1), ("parnas", 1), ("podolsk", 3)), "wholesale"),
    CityData("Екатеринбург", (("ekb", 1), ("podolsk", 6)), "small"),
    CityData("Краснодар", (("krasnodar", 1), ("podolsk", 4)), "small"),
)

STAFF: Final = (
    StaffData("gordeeva@opora.example", "Гордеева Анна Сергеевна", "Менеджер", "+7 495 000-11-41"),
    StaffData("larin@opora.example", "Ларин Дмитрий Олегович", "Старший менеджер", "+7 495 000-11-42"),
    StaffData("usmanova@opora.example", "Усманова Лилия Рашидовна", "Менеджер", "+7 495 000-11-43"),
    StaffData(
        "admin@opora.example",
        "Тихомиров Егор Львович",
        "Администратор",
        "+7 495 000-11-40",
        is_administrator=True,
    ),
)

HOLDINGS: Final = (
    HoldingData(
        key="sever",
        name="Северстройгрупп",
        city="Санкт-Петербург",
        manager="gordeeva@opora.example",
        entities=(
            LegalEntityData(
                key="sever-montazh",
                kind="ooo",
                name="ООО «Северстроймонтаж»",
                full_name="Общество с ограниченной ответственностью «Северстроймонтаж»",
                requisites=_legal("789901011", "15", "9990111"),
                address="196626, г. Санкт-Петербург, пос. Шушары, ул. Валдайская, д. 7, литера А",
                phone="+7 812 000-21-01",
                email="buh@sever.example",
                accounts=(_firm_account(_NARODNY, "55000001101"), _firm_account(_STOLICHNY, "00300001102")),
                delivery=(
                    DeliveryPoint(
                        "Санкт-Петербург",
                        "196626, г. Санкт-Петербург, пос. Шушары, ул. Валдайская, д. 7, склад 2",
                        "Крюков Степан Ильич",
                        "+7 921 000-21-11",
                        "пн-пт 8:00-17:00",
                    ),
                    DeliveryPoint(
                        "Москва",
                        "108811, г. Москва, п. Московский, Киевское шоссе, 22-й км, стройплощадка 3",
                        "Демидов Артём Павлович",
                        "+7 926 000-21-12",
                        "пн-сб 9:00-18:00",
                    ),
                ),
            ),
            LegalEntityData(
                key="sever-snab",
                kind="ooo",
                name="ООО «Северснаб»",
                full_name="Общество с ограниченной ответственностью «Северснаб»",
                requisites=_legal("789901022", "19", "9990222"),
                address="194292, г. Санкт-Петербург, 3-й Верхний переулок, д. 5, помещение 12-Н",
                phone="+7 812 000-21-02",
                email="snab@sever.example",
                accounts=(_firm_account(_GOSTINY, "55000001201"),),
                delivery=(
                    DeliveryPoint(
                        "Санкт-Петербург",
                        "194292, г. Санкт-Петербург, 3-й Верхний переулок, д. 5, ворота 4",
                        "Борисова Нина Аркадьевна",
                        "+7 921 000-21-21",
                        "пн-пт 9:00-18:00",
                    ),
                ),
            ),
            LegalEntityData(
                key="sever-arenda",
                kind="ao",
                name="АО «Северная техника»",
                full_name="Акционерное общество «Северная техника»",
                requisites=_legal("789901033", "12", "9990333"),
                address="187110, Ленинградская область, г. Кириши, Волховская набережная, д. 14",
                phone="+7 812 000-21-03",
                email="docs@sever.example",
                accounts=(_firm_account(_ZERNOVOY, "55000001301"),),
                delivery=(
                    DeliveryPoint(
                        "Санкт-Петербург",
                        "187110, Ленинградская область, г. Кириши, шоссе Энтузиастов, д. 30",
                        "Рябов Кирилл Денисович",
                        "+7 921 000-21-31",
                        "пн-пт 8:00-16:00",
                    ),
                ),
            ),
        ),
    ),
    HoldingData(
        key="ural",
        name="Уралэнергосервис",
        city="Екатеринбург",
        manager="larin@opora.example",
        entities=(
            LegalEntityData(
                key="ural-energo",
                kind="ao",
                name="АО «Уралэнергосервис»",
                full_name="Акционерное общество «Уралэнергосервис»",
                requisites=_legal("669901011", "08", "9990411"),
                address="620024, г. Екатеринбург, ул. Новинская, д. 3, этаж 4",
                phone="+7 343 000-31-01",
                email="buh@uralenergo.example",
                accounts=(_firm_account(_NARODNY, "16000001401"),),
                delivery=(
                    DeliveryPoint(
                        "Екатеринбург",
                        "620024, г. Екатеринбург, ул. Новинская, д. 3, склад 1",
                        "Пермяков Игорь Семёнович",
                        "+7 912 000-31-11",
                        "пн-пт 8:00-17:00",
                    ),
                ),
            ),
            LegalEntityData(
                key="ural-shchit",
                kind="ooo",
                name="ООО «Уралщитмонтаж»",
                full_name="Общество с ограниченной ответственностью «Уралщитмонтаж»",
                requisites=_legal("669901022", "20", "9990422"),
                address="623700, Свердловская область, г. Берёзовский, ул. Чапаева, д. 39",
                phone="+7 343 000-31-02",
                email="shchit@uralenergo.example",
                accounts=(_firm_account(_STOLICHNY, "16000001501"),),
                delivery=(
                    DeliveryPoint(
                        "Екатеринбург",
                        "623700, Свердловская область, г. Берёзовский, ул. Чапаева, д. 39, цех 2",
                        "Вяткина Ольга Юрьевна",
                        "+7 912 000-31-21",
                        "пн-пт 8:00-20:00",
                    ),
                ),
            ),
        ),
    ),
    HoldingData(
        key="kuban",
        name="Кубаньстройторг",
        city="Краснодар",
        manager="usmanova@opora.example",
        entities=(
            LegalEntityData(
                key="kuban-torg",
                kind="ooo",
                name="ООО «Кубаньстройторг»",
                full_name="Общество с ограниченной ответственностью «Кубаньстройторг»",
                requisites=_legal("239901011", "16", "9990511"),
                address="350059, г. Краснодар, ул. Новороссийская, д. 240",
                phone="+7 861 000-41-01",
                email="buh@kubantorg.example",
                accounts=(_firm_account(_NARODNY, "30000001601"),),
                delivery=(
                    DeliveryPoint(
                        "Краснодар",
                        "350059, г. Краснодар, ул. Новороссийская, д. 240, магазин",
                        "Сотников Роман Вадимович",
                        "+7 918 000-41-11",
                        "ежедневно 8:00-20:00",
                    ),
                    DeliveryPoint(
                        "Краснодар",
                        "353900, Краснодарский край, г. Новороссийск, ул. Золотая Рыбка, д. 17",
                        "Галкина Юлия Максимовна",
                        "+7 918 000-41-12",
                        "вт-сб 9:00-18:00",
                    ),
                ),
            ),
            LegalEntityData(
                key="kuban-sotnikov",
                kind="ip",
                name="ИП Сотников Р. В.",
                full_name="Индивидуальный предприниматель Сотников Роман Вадимович",
                requisites=_sole("2399020031", "19", "239000031"),
                address="350059, г. Краснодар, ул. Новороссийская, д. 240, кв. 8",
                phone="+7 861 000-41-02",
                email="sotnikov@kubantorg.example",
                accounts=(_sole_account(_GOSTINY, "30000001701"),),
                delivery=(
                    DeliveryPoint(
                        "Краснодар",
                        "352800, Краснодарский край, г. Туапсе, ул. Бондаренко, д. 11",
                        "Сотников Роман Вадимович",
                        "+7 918 000-41-21",
                        "пн-сб 9:00-19:00",
                    ),
                ),
            ),
        ),
    ),
    HoldingData(
        key="stolica",
        name="Столица Инжиниринг",
        city="Москва",
        manager="gordeeva@opora.example",
        entities=(
            LegalEntityData(
                key="stolica-eng",
                kind="ooo",
                name="ООО «Столица Инжиниринг»",
                full_name="Общество с ограниченной ответственностью «Столица Инжиниринг»",
                requisites=_legal("779901044", "17", "7990444"),
                address="115088, г. Москва, ул. Угрешская, д. 2, строение 53",
                phone="+7 495 000-51-01",
                email="buh@stolica.example",
                accounts=(_firm_account(_ZERNOVOY, "00400001801"), _firm_account(_NARODNY, "38000001802")),
                delivery=(
                    DeliveryPoint(
                        "Москва",
                        "115088, г. Москва, ул. Угрешская, д. 2, строение 53, пандус 6",
                        "Жданов Вячеслав Петрович",
                        "+7 903 000-51-11",
                        "пн-пт 9:00-18:00",
                    ),
                ),
            ),
            LegalEntityData(
                key="stolica-service",
                kind="ooo",
                name="ООО «Столица Сервис»",
                full_name="Общество с ограниченной ответственностью «Столица Сервис»",
                requisites=_legal("509901055", "22", "9990555"),
                address="141031, Московская область, г. Мытищи, Осташковское шоссе, владение 1Б",
                phone="+7 495 000-51-02",
                email="service@stolica.example",
                accounts=(_firm_account(_STOLICHNY, "00500001901"),),
                delivery=(
                    DeliveryPoint(
                        "Москва",
                        "141031, Московская область, г. Мытищи, Осташковское шоссе, владение 1Б",
                        "Ефремова Татьяна Игоревна",
                        "+7 903 000-51-21",
                        "круглосуточно",
                    ),
                ),
            ),
        ),
    ),
    HoldingData(
        key="master",
        name="Магазины «Мастер Дома»",
        city="Москва",
        manager="larin@opora.example",
        entities=(
            LegalEntityData(
                key="master-platonov",
                kind="ip",
                name="ИП Платонов А. Н.",
                full_name="Индивидуальный предприниматель Платонов Алексей Николаевич",
                requisites=_sole("5099020041", "18", "509000041"),
                address="140000, Московская область, г. Люберцы, Октябрьский проспект, д. 112, кв. 45",
                phone="+7 495 000-61-01",
                email="platonov@masterdoma.example",
                accounts=(_sole_account(_STOLICHNY, "00600002001"),),
                delivery=(
                    DeliveryPoint(
                        "Москва",
                        "140000, Московская область, г. Люберцы, ул. Котельническая, д. 24, пав. 17",
                        "Платонов Алексей Николаевич",
                        "+7 916 000-61-11",
                        "ежедневно 9:00-21:00",
                    ),
                ),
            ),
            LegalEntityData(
                key="master-platonova",
                kind="ip",
                name="ИП Платонова М. С.",
                full_name="Индивидуальный предприниматель Платонова Марина Сергеевна",
                requisites=_sole("5099020052", "23", "509000052"),
                address="140000, Московская область, г. Люберцы, Октябрьский проспект, д. 112, кв. 45",
                phone="+7 495 000-61-02",
                email="platonova@masterdoma.example",
                accounts=(_sole_account(_NARODNY, "38000002101"),),
                delivery=(
                    DeliveryPoint(
                        "Москва",
                        "140180, Московская область, г. Жуковский, ул. Гагарина, д. 77, пав. 3",
                        "Платонова Марина Сергеевна",
                        "+7 916 000-61-21",
                        "ежедневно 10:00-20:00",
                    ),
                ),
            ),
        ),
    ),
)

PEOPLE: Final = (
    PersonData(
        "orlov@sever.example", "Орлов Михаил Юрьевич", "Директор", "+7 921 000-20-01", "sever", "head"
    ),
    PersonData(
        "belova@sever.example",
        "Белова Светлана Ивановна",
        "Главный бухгалтер",
        "+7 921 000-20-02",
        "sever",
        "accountant",
    ),
    PersonData(
        "zaytsev@sever.example",
        "Зайцев Антон Викторович",
        "Снабженец",
        "+7 921 000-20-03",
        "sever",
        "buyer",
        ("sever-montazh", "sever-snab"),
    ),
    PersonData(
        "kryukov@sever.example",
        "Крюков Степан Ильич",
        "Кладовщик",
        "+7 921 000-21-11",
        "sever",
        "receiver",
        ("sever-montazh",),
    ),
    PersonData(
        "kalinina@sever.example", "Калинина Вера Олеговна", "Сметчик", "+7 921 000-20-05", "sever", "viewer"
    ),
    PersonData(
        "shestakov@uralenergo.example",
        "Шестаков Борис Ефимович",
        "Генеральный директор",
        "+7 912 000-30-01",
        "ural",
        "head",
    ),
    PersonData(
        "vyatkina@uralenergo.example",
        "Вяткина Ольга Юрьевна",
        "Начальник снабжения",
        "+7 912 000-31-21",
        "ural",
        "buyer",
    ),
    PersonData(
        "ibragimov@uralenergo.example",
        "Ибрагимов Тимур Маратович",
        "Бухгалтер",
        "+7 912 000-30-03",
        "ural",
        "accountant",
        ("ural-energo",),
    ),
    PersonData(
        "sotnikov@kubantorg.example",
        "Сотников Роман Вадимович",
        "Владелец",
        "+7 918 000-41-11",
        "kuban",
        "head",
    ),
    PersonData(
        "galkina@kubantorg.example",
        "Галкина Юлия Максимовна",
        "Закупщик",
        "+7 918 000-41-12",
        "kuban",
        "buyer",
    ),
    PersonData(
        "zhdanov@stolica.example",
        "Жданов Вячеслав Петрович",
        "Технический директор",
        "+7 903 000-51-11",
        "stolica",
        "head",
    ),
    PersonData(
        "efremova@stolica.example",
        "Ефремова Татьяна Игоревна",
        "Приёмка",
        "+7 903 000-51-21",
        "stolica",
        "receiver",
    ),
    PersonData(
        "nosova@stolica.example",
        "Носова Екатерина Глебовна",
        "Ведущий закупщик",
        "+7 903 000-50-03",
        "stolica",
        "buyer",
        ("stolica-eng",),
    ),
    PersonData(
        "platonov@masterdoma.example",
        "Платонов Алексей Николаевич",
        "Предприниматель",
        "+7 916 000-61-11",
        "master",
        "head",
    ),
    PersonData(
        "agafonov@masterdoma.example",
        "Агафонов Илья Романович",
        "Продавец",
        "+7 916 000-60-02",
        "master",
        "viewer",
    ),
)

CONTRACTS: Final = (
    ContractData("ДП-15/2026", date(2026, 1, 15), "opora", "sever-montazh", "large", 30, Decimal(3000000)),
    ContractData(
        "КР-4/2026",
        date(2026, 2, 2),
        "krepezh",
        "sever-montazh",
        "wholesale",
        14,
        Decimal(400000),
        is_default=False,
    ),
    ContractData("ДП-16/2026", date(2026, 1, 15), "opora", "sever-snab", "large", 30, Decimal(1500000)),
    ContractData("ДП-22/2025", date(2025, 4, 8), "opora", "sever-arenda", "wholesale", 14, Decimal(500000)),
    ContractData("ДП-31/2024", date(2024, 6, 3), "opora", "ural-energo", "large", 45, Decimal(5000000)),
    ContractData("ДП-08/2026", date(2026, 1, 12), "opora", "ural-shchit", "wholesale", 21, Decimal(1200000)),
    ContractData(
        "КР-7/2026",
        date(2026, 3, 16),
        "krepezh",
        "ural-shchit",
        "wholesale",
        7,
        Decimal(200000),
        is_default=False,
    ),
    ContractData("ДП-40/2025", date(2025, 9, 1), "opora", "kuban-torg", "wholesale", 14, Decimal(800000)),
    ContractData("КР-2/2026", date(2026, 1, 20), "krepezh", "kuban-sotnikov", "small", 0, Decimal(0)),
    ContractData("ДП-03/2026", date(2026, 1, 9), "opora", "stolica-eng", "large", 30, Decimal(2500000)),
    ContractData(
        "ДП-11/2026", date(2026, 1, 13), "opora", "stolica-service", "wholesale", 14, Decimal(600000)
    ),
    ContractData("ДП-27/2026", date(2026, 5, 18), "opora", "master-platonov", "small", 7, Decimal(150000)),
    ContractData(
        "КР-9/2026",
        date(2026, 6, 1),
        "krepezh",
        "master-platonov",
        "small",
        7,
        Decimal(50000),
        is_default=False,
    ),
    ContractData("ДП-28/2026", date(2026, 5, 18), "opora", "master-platonova", "small", 0, Decimal(0)),
)
