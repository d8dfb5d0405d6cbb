"""The clients' people and the contracts."""

from datetime import date
from decimal import Decimal
from typing import Final

from integrations.demo.fiction.shapes import ContractData, PersonData

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
