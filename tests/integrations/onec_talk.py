"""A byte-level stand-in of 1C for the tests of the server, and files to send."""

import base64
from dataclasses import dataclass
from typing import Any

from django.test import Client

from integrations.models import ExchangeFile, ExchangeNode
from portal.outbox.models import Job
from portal.outbox.runner import run

URL = "/1c/exchange"
PASSWORD = "обмен-2026"


def make_node(code: str = "ut", *, is_zip_accepted: bool = False) -> ExchangeNode:
    """A 1C base that may sign in with PASSWORD."""
    node = ExchangeNode(
        code=code, name=f"УТ 11 {code}", username=f"exchange-{code}", is_zip_accepted=is_zip_accepted
    )
    node.set_password(PASSWORD)
    node.save()
    return node


def basic(username: str, password: str = PASSWORD) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def run_jobs() -> None:
    """Do what waits in the job table, as a worker would; previews and the like included."""
    while pks := list(
        Job.objects.filter(state="queued", attempts=0).order_by("pk").values_list("pk", flat=True)
    ):
        for pk in pks:
            run(pk)


@dataclass
class Talk:
    """One session of 1C with the portal: cookie from the body, Basic with every request."""

    client: Client
    node: ExchangeNode
    kind: str = "catalog"
    cookie: str = ""

    def get(self, mode: str, **parameters: str) -> str:
        return self.answer("GET", mode, **parameters)[1]

    def answer(
        self,
        method: str,
        mode: str,
        *,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        **parameters: str,
    ) -> tuple[int, str, Any]:
        query = "&".join(
            [f"type={self.kind}", f"mode={mode}", *(f"{key}={value}" for key, value in parameters.items())]
        )
        told = {"Authorization": basic(self.node.username)} | ({"Cookie": self.cookie} if self.cookie else {})
        extra: dict[str, Any] = {}
        if method == "POST":
            kind = "application/octet-stream"
            extra = {"data": body, "content_type": kind, "CONTENT_LENGTH": str(len(body))}
        response = self.client.generic(
            method,
            URL,
            QUERY_STRING=query.encode().decode("iso-8859-1"),
            headers=told | (headers or {}),
            **extra,
        )
        return response.status_code, response.content.decode(), response

    def sign_in(self) -> "Talk":
        word, name, value, *_rest = self.get("checkauth").split("\n")
        assert word == "success"
        self.cookie = f"{name}={value}"
        return self

    def start(self) -> "Talk":
        self.sign_in()
        assert self.get("init").startswith("zip=")
        return self

    def post(self, name: str, body: bytes, **headers: str) -> str:
        return self.answer("POST", "file", body=body, headers=headers, filename=name)[1]

    def load(self, name: str, body: bytes | str) -> str:
        """Send a file whole, have it loaded, return the last answer."""
        body = body.encode() if isinstance(body, str) else body
        sent = self.post(name, body)
        return self.finish(name) if sent == "success" else sent

    def finish(self, name: str) -> str:
        first = self.get("import", filename=name)
        if not first.startswith("progress"):
            return first
        run_jobs()
        answer = self.get("import", filename=name)
        if answer.startswith("progress"):  # an archive comes first
            run_jobs()
            answer = self.get("import", filename=name)
        return answer

    def file(self, name: str) -> ExchangeFile:
        return ExchangeFile.objects.get(session__token=self.cookie.partition("=")[2], name=name)


# --- files ------------------------------------------------------------------------------------------
GOOD = "bd8c4e15-18f9-11e7-80c2-000000000001"
OTHER = "bd8c4e15-18f9-11e7-80c2-000000000002"
GROUP = "82cfb8dc-18f9-11e7-80c2-000000000001"
CHILD = "82cfb8dc-18f9-11e7-80c2-000000000002"
LENGTH = "170b53b1-23ca-11e9-80c9-000000000001"
MATERIAL = "366a7fb2-2484-11e9-80c9-000000000002"
STEEL = "46b9ad0c-2484-11e9-80c9-000000000003"
BASE = "279b6812-740b-11e8-80c8-000000000001"
RETAIL = "279b6812-740b-11e8-80c8-000000000002"
MOSCOW = "6abdb0b5-18fd-11e7-80c2-000000000001"
KAZAN = "6abdb0b5-18fd-11e7-80c2-000000000002"
RED = "c0ffee00-0000-11e7-80c2-000000000001"
BLUE = "c0ffee00-0000-11e7-80c2-000000000002"

GROUPS = f"""<Группы><Группа><Ид>{GROUP}</Ид><Наименование>Крепёж</Наименование><Группы>
<Группа><Ид>{CHILD}</Ид><Наименование>Болты</Наименование></Группа></Группы></Группа></Группы>"""
PROPERTIES = f"""<Свойства>
<Свойство><Ид>{LENGTH}</Ид><Наименование>Длина</Наименование><ТипЗначений>Число</ТипЗначений></Свойство>
<Свойство><Ид>{MATERIAL}</Ид><Наименование>Материал</Наименование><ТипЗначений>Справочник</ТипЗначений>
<ВариантыЗначений><Справочник><ИдЗначения>{STEEL}</ИдЗначения><Значение>Сталь</Значение></Справочник>
</ВариантыЗначений></Свойство></Свойства>"""


def root(content: str, *, formed: str = "2026-11-20T10:00:00", version: str = "2.07") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ВерсияСхемы="{version}"'
        f' ДатаФормирования="{formed}">\n{content}\n</КоммерческаяИнформация>'
    )


def good(
    external_id: str = GOOD,
    name: str = "Болт М8х40",
    *,
    group: str = CHILD,
    status: str = "",
    extra: str = "",
    values: str | None = None,
    article: str = "B-8-40",
    brand: str = "ООО «Завод»",
) -> str:
    told = (
        f"<ЗначенияСвойства><Ид>{LENGTH}</Ид><Значение>40,5</Значение></ЗначенияСвойства>"
        f"<ЗначенияСвойства><Ид>{MATERIAL}</Ид><Значение>{STEEL}</Значение></ЗначенияСвойства>"
        if values is None
        else values
    )
    groups = f"<Группы><Ид>{group}</Ид></Группы>" if group else ""
    mark = f' Статус="{status}"' if status else ""
    return f"""<Товар{mark}><Ид>{external_id}</Ид><Артикул>{article}</Артикул>
<Наименование>{name}</Наименование>
<БазоваяЕдиница Код="796 " НаименованиеПолное="Штука" МеждународноеСокращение="PCE">
<Пересчет><Единица>796</Единица><Коэффициент>1</Коэффициент></Пересчет>
<Пересчет><Единица>778</Единица><Коэффициент>50</Коэффициент></Пересчет></БазоваяЕдиница>
{groups}<Изготовитель><Ид>x</Ид><Наименование>{brand}</Наименование></Изготовитель>
<ЗначенияСвойств>{told}</ЗначенияСвойств>
<СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование><Ставка>22</Ставка></СтавкаНалога>
</СтавкиНалогов><ЗначенияРеквизитов><ЗначениеРеквизита><Наименование>ВидНоменклатуры</Наименование><Значение>Метизы</Значение>
</ЗначениеРеквизита><ЗначениеРеквизита><Наименование>ТипНоменклатуры</Наименование><Значение>Товар</Значение>
</ЗначениеРеквизита></ЗначенияРеквизитов>{extra}</Товар>"""


def catalog(
    *goods: str, groups: str = GROUPS, properties: str = PROPERTIES, formed: str = "2026-11-20T10:00:00"
) -> str:
    classifier = (
        f"<Классификатор><Ид>cls</Ид><Наименование>Каталог</Наименование>{groups}{properties}</Классификатор>"
        if groups or properties
        else ""
    )
    return root(
        f'{classifier}<Каталог СодержитТолькоИзменения="false"><Ид>cat</Ид>'
        f"<ИдКлассификатора>cls</ИдКлассификатора><Товары>{''.join(goods)}</Товары></Каталог>",
        formed=formed,
    )


def price(
    amount: str, *, type_id: str = BASE, unit: str = "PCE", coefficient: str = "1", currency: str = "RUB"
) -> str:
    return (
        f"<Цена><Представление>{amount} за</Представление><ИдТипаЦены>{type_id}</ИдТипаЦены>"
        f"<ЦенаЗаЕдиницу>{amount}</ЦенаЗаЕдиницу><Валюта>{currency}</Валюта><Единица>{unit}</Единица>"
        f"<Коэффициент>{coefficient}</Коэффициент></Цена>"
    )


def rest(warehouse: str, quantity: str) -> str:
    return f'<Склад ИдСклада="{warehouse}" КоличествоНаСкладе="{quantity}"/>'


def offer(
    external_id: str = GOOD,
    *,
    name: str = "Болт М8х40",
    prices: str | None = None,
    rests: str | None = None,
    quantity: str | None = None,
    extra: str = "",
) -> str:
    told = f"<Цены>{price('10.50') if prices is None else prices}</Цены>" if prices != "-" else ""
    count = "" if quantity == "-" else f"<Количество>{quantity or '12'}</Количество>"
    lying = rest(MOSCOW, "10") + rest(KAZAN, "2") if rests is None else rests
    named = f"<Наименование>{name}</Наименование>" if name else ""
    return f"<Предложение><Ид>{external_id}</Ид>{named}{extra}{told}{count}{lying}</Предложение>"


TYPES = f"""<ТипыЦен>
<ТипЦены><Ид>{BASE}</Ид><Наименование>Оптовая</Наименование><Валюта>руб</Валюта>
<Налог><Наименование>НДС</Наименование><УчтеноВСумме>true</УчтеноВСумме></Налог></ТипЦены>
<ТипЦены><Ид>{RETAIL}</Ид><Наименование>Розничная</Наименование><Валюта>RUB</Валюта></ТипЦены></ТипыЦен>"""
WAREHOUSES = f"""<Склады><Склад><Ид>{MOSCOW}</Ид><Наименование>Москва</Наименование></Склад>
<Склад><Ид>{KAZAN}</Ид><Наименование>Казань</Наименование></Склад></Склады>"""


def package(
    *offers: str, types: str = TYPES, warehouses: str = WAREHOUSES, formed: str = "2026-11-20T10:00:00"
) -> str:
    return root(
        f'<ПакетПредложений СодержитТолькоИзменения="false"><Ид>cat#</Ид><ИдКаталога>cat</ИдКаталога>'
        f"{types}{warehouses}<Предложения>{''.join(offers)}</Предложения></ПакетПредложений>",
        formed=formed,
    )


def changes(*offers: str, formed: str = "2026-11-21T10:00:00") -> str:
    return root(
        '<ИзмененияПакетаПредложений СодержитТолькоИзменения="true"><Ид>cat#</Ид>'
        "<ИдКаталога>cat</ИдКаталога>"
        f"<Предложения>{''.join(offers)}</Предложения></ИзмененияПакетаПредложений>",
        formed=formed,
    )
