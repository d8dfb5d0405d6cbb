"""Messages of EnterpriseData, put together by the published names of its objects."""

from collections.abc import Mapping

from tests.integrations.erp_world import ENTITY

GUID = "7d3c2b1a-5f6e-11f0-8a9b-00155d0123ed"
FORMED = "2026-11-24T09:05:07"
VIRTUAL = "<ВиртуальныйДоговор>true</ВиртуальныйДоговор><Наименование>Основной договор</Наименование>"
ORGANIZATION = "44444444-18f9-11e7-80c2-000000000001"


def tags(**told: str) -> str:
    return "".join(f"<{name}>{value}</{name}>" for name, value in told.items() if value)


def message(
    *objects: str, version: str = "1.20", formed: str = "2026-11-24T09:05:07", space: str = ""
) -> str:
    body = space or f"http://v8.1c.ru/edi/edi_stnd/EnterpriseData/{version}"
    created = f"<msg:CreationDate>{formed}</msg:CreationDate>" if formed else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Message xmlns:msg="http://www.1c.ru/SSL/Exchange/Message" xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        f"<msg:Header><msg:Format>{body}</msg:Format>{created}"
        f"<msg:AvailableVersion>{version}</msg:AvailableVersion></msg:Header>"
        f'<Body xmlns="{body}">{"".join(objects)}</Body></Message>'
    )


def party_keys(ref: str = ENTITY, *, name: str = "ООО «Север»", inn: str = "", kpp: str = "770101001") -> str:
    return tags(
        Ссылка=ref,
        Наименование=name,
        НаименованиеПолное=name,
        ИНН=inn,
        КПП=kpp,
        ЮридическоеФизическоеЛицо="ЮридическоеЛицо",
    )


def party(ref: str = ENTITY, **told: str) -> str:
    contact = tags(ВидКонтактнойИнформации="ЮридическийАдрес", ЗначениеПолей="г. Москва, ул. Складская, д. 1")
    return (
        f"<Справочник.Контрагенты><КлючевыеСвойства>{party_keys(ref, **told)}</КлючевыеСвойства>"
        f"<КонтактнаяИнформация><Строка>{contact}</Строка></КонтактнаяИнформация></Справочник.Контрагенты>"
    )


def contract(ref: str = "c-1", *, kind: str = "СПокупателем", number: str = "Д-1") -> str:
    return (
        f"<Справочник.Договоры><КлючевыеСвойства>{tags(Ссылка=ref, ВидДоговора=kind)}"
        f"<Организация>{tags(Ссылка=ORGANIZATION, ИНН='7707083893')}</Организация>"
        f"<Контрагент>{party_keys()}</Контрагент>{money('ВалютаВзаиморасчетов')}"
        f"{tags(Наименование='Поставка', Дата='2026-01-12', Номер=number)}</КлючевыеСвойства>"
        f"{tags(СрокДействия='2027-01-11T00:00:00', СрокОплаты='30')}</Справочник.Договоры>"
    )


def money(tag: str = "Валюта") -> str:
    data = tags(Код="643", Наименование="руб.")
    return f"<{tag}><ДанныеКлассификатора>{data}</ДанныеКлассификатора></{tag}>"


def row(
    ref: str,
    name: str = "Болт М8х40",
    *,
    quantity: str = "3",
    price: str = "100",
    total: str = "300",
    vat: str = "<СтавкаНДС><Ставка>22</Ставка><ВидСтавки>Общая</ВидСтавки></СтавкаНДС>",
    extra: str = "",
) -> str:
    unit = tags(Код="796", Наименование="шт")
    return (
        f"<Строка><НомерСтрокиДокумента>1</НомерСтрокиДокумента><ДанныеНоменклатуры><Номенклатура>"
        f"{tags(Ссылка=ref, НаименованиеПолное=name, Наименование=name)}</Номенклатура></ДанныеНоменклатуры>"
        f"<ЕдиницаИзмерения><ДанныеКлассификатора>{unit}</ДанныеКлассификатора></ЕдиницаИзмерения>"
        f"{tags(Количество=quantity, Сумма=total, Цена=price)}{vat}{extra}</Строка>"
    )


def order(
    *rows: str,
    ref: str = GUID,
    number: str = "00УТ-000123",
    total: str = "300",
    buyer: str = "",
    contract: str = VIRTUAL,
    is_included: str = "true",
    more: Mapping[str, str] | None = None,
) -> str:
    return (
        f"<Документ.ЗаказКлиента><КлючевыеСвойства>"
        f"{tags(Ссылка=ref, Дата='2026-11-23T10:41:00', Номер=number)}"
        f"<Организация>{tags(Ссылка=ORGANIZATION, Наименование='ООО «Опт-Портал»')}</Организация>"
        f"</КлючевыеСвойства>{money()}{tags(Сумма=total, СуммаВключаетНДС=is_included)}"
        f"<Контрагент>{buyer or party_keys()}</Контрагент>"
        f"<ДанныеВзаиморасчетов><Договор>{contract}</Договор></ДанныеВзаиморасчетов>"
        f"{tags(**(more or {}))}<Товары>{''.join(rows)}</Товары></Документ.ЗаказКлиента>"
    )
