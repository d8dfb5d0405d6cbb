"""Orders as the families of 1C send them back."""

from collections.abc import Iterable

GUID = "7d3c2b1a-5f6e-11f0-8a9b-00155d012345"
PARTY = "33333333-18f9-11e7-80c2-000000000001"
FORMED = "2026-11-24T9:05:07"


def requisites(pairs: Iterable[tuple[str, str]]) -> str:
    rows = "".join(
        f"<ЗначениеРеквизита><Наименование>{name}</Наименование><Значение>{value}</Значение></ЗначениеРеквизита>"
        for name, value in pairs
    )
    return f"<ЗначенияРеквизитов>{rows}</ЗначенияРеквизитов>"


def party(
    external_id: str = PARTY, *, name: str = "ООО «Север»", inn: str = "7707083893", kpp: str = "770101001"
) -> str:
    codes = "".join(f"<{tag}>{code}</{tag}>" for tag, code in (("ИНН", inn), ("КПП", kpp)) if code)
    return (
        f"<Контрагент><Ид>{external_id}</Ид><Наименование>{name}</Наименование>"
        f"<ОфициальноеНаименование>{name}</ОфициальноеНаименование>{codes}<Роль>Покупатель</Роль></Контрагент>"
    )


def good(
    external_id: str,
    name: str,
    quantity: str,
    price: str,
    total: str,
    *,
    vat: str = "22",
    extra: str = "",
) -> str:
    return (
        f"<Товар><Ид>{external_id}</Ид><Артикул>A-1</Артикул><Наименование>{name}</Наименование>"
        f'<БазоваяЕдиница Код="796" НаименованиеПолное="Штука">шт</БазоваяЕдиница>'
        f"<ЦенаЗаЕдиницу>{price}</ЦенаЗаЕдиницу><Количество>{quantity}</Количество><Сумма>{total}</Сумма>"
        f"<СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование><Ставка>{vat}</Ставка></СтавкаНалога>"
        f"</СтавкиНалогов>{extra}</Товар>"
    )


def order(
    number: str,
    goods: str,
    total: str,
    *,
    external_id: str = GUID,
    told: Iterable[tuple[str, str]] = (("Номер по 1С", "00УТ-000123"), ("Дата по 1С", "2026-11-24T9:51:39")),
    parties: str = "",
    extra: str = "",
    operation: str = "Заказ товара",
) -> str:
    own_id = f"<Ид>{external_id}</Ид>" if external_id else ""
    return (
        f"<Документ>{own_id}<Номер>{number}</Номер><Дата>2026-11-23</Дата><Время>10:41:00</Время>"
        f"<ХозОперация>{operation}</ХозОперация><Роль>Продавец</Роль><Валюта>руб</Валюта><Курс>1</Курс>"
        f"<Сумма>{total}</Сумма><Контрагенты>{parties or party()}</Контрагенты>"
        f"<СрокПлатежа>0001-01-01</СрокПлатежа><Товары>{goods}</Товары>{extra}{requisites(told)}</Документ>"
    )


def message(
    *documents: str,
    formed: str = FORMED,
    version: str = "2.07",
    encoding: str = "UTF-8",
    namespace: str = "urn:1C.ru:commerceml_2",
) -> str:
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<КоммерческаяИнформация xmlns="{namespace}"'
        f' ВерсияСхемы="{version}" ДатаФормирования="{formed}">{"".join(documents)}</КоммерческаяИнформация>'
    )
