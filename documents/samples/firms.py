"""Firms that do not exist and who signs for them; check digits of their requisites are right."""

from dataclasses import replace
from datetime import date

from documents.payloads.parts import Authority, BankDetails, PaperRef, Party, PersonName, Signer

DAY = date(2026, 11, 20)
BANK = BankDetails(
    name="ПАО СБЕРБАНК г. Москва",
    bic="044525225",
    correspondent_account="30101810400000000225",
    account="40702810917780112984",
)
FIRM = Party(
    name='ООО "Опт-Портал"',
    full_name='Общество с ограниченной ответственностью "Опт-Портал"',
    inn="7701123451",
    kpp="770101001",
    ogrn="1127746123450",
    okpo="12345678",
    address="125009, г. Москва, ул. Тверская, д. 9, стр. 1",
    phone="+7 495 000-00-00",
    bank=BANK,
)
ENTREPRENEUR = Party(
    name="ИП Соколова Анна Игоревна",
    full_name="Индивидуальный предприниматель Соколова Анна Игоревна",
    inn="500100732259",
    kpp="",
    ogrn="315500100123456",
    ogrn_date=date(2015, 3, 12),
    okpo="0123456789",
    address="141070, Московская обл., г. Королёв, ул. Ленина, д. 3",
    person=PersonName(surname="Соколова", name="Анна", patronymic="Игоревна"),
    bank=replace(BANK, account="40802810700020000317", bic="044525201", correspondent_account=""),
)
BUYER = Party(
    name='ООО "Дилер Север"',
    inn="7805123456",
    kpp="780501001",
    okpo="87654321",
    address="198095, г. Санкт-Петербург, ул. Швецова, д. 23, лит. А",
    phone="+7 812 000-00-00",
)
CONSIGNEE = Party(
    name='ООО "Северный склад"',
    inn="5047123455",
    kpp="504701001",
    address="141400, Московская обл., г. Химки, ул. Складская, д. 7, ворота 12",
)
CONTRACT = PaperRef(name="Договор поставки", number="ДП-15/2026", day=date(2026, 1, 12))
HEAD = Signer(role="Генеральный директор", name="Иванов И. И.")
ACCOUNTANT = Signer(role="Главный бухгалтер", name="Петрова А. А.")
STOREKEEPER = Signer(
    role="Кладовщик",
    name="Сидоров П. П.",
    authority=Authority(number="17", day=date(2026, 1, 15), until=date(2026, 12, 31)),
)
OWNER = Signer(role="Индивидуальный предприниматель", name="Соколова А. И.")


def signers_of(seller: Party) -> tuple[Signer, Signer | None]:
    """Head and chief accountant; of an entrepreneur himself and nobody."""
    return (OWNER, None) if seller.is_entrepreneur else (HEAD, ACCOUNTANT)
