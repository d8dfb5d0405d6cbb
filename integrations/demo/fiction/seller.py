"""The seller: its firms, its cities and its people."""

from typing import Final

from integrations.demo.fiction.registry import (
    GOSTINY,
    NARODNY,
    STOLICHNY,
    entrepreneur,
    entrepreneur_account,
    firm,
    firm_account,
)
from integrations.demo.fiction.shapes import CityData, OrganizationData, StaffData

ORGANIZATIONS: Final = (
    OrganizationData(
        key="opora",
        short_name="ООО «Опора Комплект»",
        full_name="Общество с ограниченной ответственностью «Опора Комплект»",
        requisites=firm("779901001", "18", "7990101"),
        tax_regime="osno",
        address="142101, Московская область, г. Подольск, ул. Складская, д. 4, офис 301",
        phone="+7 495 000-11-22",
        email="office@opora.example",
        head_position="Генеральный директор",
        head="Заречный Павел Андреевич",
        accountant="Мельникова Ирина Викторовна",
        invoice_prefix="ОК",
        accounts=(firm_account(STOLICHNY, "00100000101"), firm_account(NARODNY, "38000000102")),
    ),
    OrganizationData(
        key="krepezh",
        short_name="ИП Заречная О. П.",
        full_name="Индивидуальный предприниматель Заречная Ольга Павловна",
        requisites=entrepreneur("7799020021", "21", "799000021"),
        tax_regime="usn_5",
        address="141401, Московская область, г. Химки, Вашутинское шоссе, д. 29",
        phone="+7 495 000-11-33",
        email="krepezh@opora.example",
        head_position="Индивидуальный предприниматель",
        head="Заречная Ольга Павловна",
        accountant="",
        invoice_prefix="ЗР",
        accounts=(entrepreneur_account(GOSTINY, "00200000201"),),
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
