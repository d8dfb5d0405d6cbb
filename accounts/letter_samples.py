"""A made-up sample of every letter: what the preview in the administration and the tests fill it with.

A letter without a sample here fails a test. Companies and people are fiction.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.lib.said import Said

_SITE = "https://portal.example"
_AT = datetime(2026, 11, 23, 10, 41, tzinfo=UTC)
_BUYER, _SELLER, _ORDER = "ООО «Северный Ветер»", "ООО «Опт-Портал»", "P-1042"
_GOODS, _CABLE = "Болт М8х40 оцинкованный", "Кабель ВВГнг(А)-LS 3х2,5"


@dataclass(frozen=True, slots=True)
class LetterSample:
    """How a letter is called and what it is filled with; `may_be_refused`: it carries a link to refuse it."""

    title: Any
    context: dict[str, Any]
    may_be_refused: bool = False


def _page(path: str) -> str:
    return f"{_SITE}/{path}/"


_SIGN_IN: dict[str, Any] = {
    "name": "Иван",
    "at": _AT,
    "ip": "192.0.2.17",
    "browser": "Firefox, Linux",
    "sessions_address": _page("accounts/sessions"),
    "password_address": _page("accounts/password/reset"),
}
_STAGE: dict[str, Any] = {
    "holding": "Северный Ветер",
    "stage": 3,
    "stage_label": "Финансы: долги, лимиты, акты",
    "address": _page("rights"),
}
_APPLICANT: dict[str, Any] = {
    "company": _BUYER,
    "inn": "7701234567",
    "city": "Москва",
    "contact": "Ольга Снежная",
    "phone": "+7 495 000-00-01",
    "email": "olga@north.example",
    "reason": "Работаем только с оптовыми покупателями.",
    "address": _page("join"),
}
_ROWS = [
    {"name": _GOODS, "now": Decimal(3), "before": Decimal(5), "unit": "шт"},
    {"name": _CABLE, "now": Decimal(0), "before": Decimal("120.5"), "unit": "м"},
]
_STREAMS = [
    {
        "kind": kind,
        "label": label,
        "last_at": _AT,
        "last_text": "23 ноября, 10:41",
        "allowed_text": "2 ч",
        "allowed_minutes": 120,
    }
    for kind, label in (("prices", "Цены"), ("stock", "Остатки"))
]

_OVERDUE = {
    "kind": "overdue",
    "title": "17: оплата просрочена, дней: 3",
    "text": f"{_BUYER}. Документ Отгрузка 17 от 10.11.2026, остаток 106 555,13 ₽",
    "title_english": "17: the payment is overdue, days: 3",
    "text_english": f"{_BUYER}. Document Shipment 17 of 10.11.2026, 106 555,13 ₽ left",
    "address": _page("settlements"),
}
_SHIPPED = {
    "kind": "shipment",
    "title": f"Заказ {_ORDER}: отгружен",
    "text": "",
    "title_english": f"Order {_ORDER}: shipped",
    "text_english": "",
    "address": _page("orders/42"),
}

SAMPLES: dict[str, LetterSample] = {
    # --- talk
    "talk_message": LetterSample(
        _("Сообщение в переписке"),
        {
            "author": "Мария Гордеева",
            "subject": f"Заказ {_ORDER}",
            "message": "Добрый день! Отгрузим в пятницу, пропуск на машину уже заказан.",
            "files": ["Схема проезда.pdf"],
            "address": _page("messages/0c5c6f1e-6f0c-4e0a-9c52-0a4f0a7c1a10"),
            "may_reply": True,
        },
        may_be_refused=True,
    ),
    # --- sign-in
    "password_reset": LetterSample(
        _("Новый пароль"), {"name": "Иван", "address": _page("accounts/password/reset/key/1-abc")}
    ),
    "new_device": LetterSample(_("Вход с нового устройства"), _SIGN_IN),
    "security_change": LetterSample(
        _("Изменены настройки входа"),
        {**_SIGN_IN, "change": "totp_activated", "change_label": "подключено приложение с кодами"},
    ),
    "notices": LetterSample(
        _("Уведомления"),
        {
            "notices": [
                _OVERDUE,
                _SHIPPED,
            ],
            "settings_address": _page("accounts/notices/settings"),
        },
        may_be_refused=True,
    ),
    "digest": LetterSample(
        _("Сводка уведомлений"),
        {
            "day": date(2026, 11, 23),
            "count": 3,
            "more": 1,
            "groups": [
                {
                    "subject": "orders",
                    "label": "Заказы и отгрузки",
                    "notices": [_SHIPPED],
                },
                {
                    "subject": "money",
                    "label": "Деньги",
                    "notices": [
                        _OVERDUE,
                    ],
                },
            ],
            "inbox_address": _page("accounts/notices"),
            "settings_address": _page("accounts/notices/settings"),
        },
        may_be_refused=True,
    ),
    # --- clients and their people
    "invitation": LetterSample(
        _("Приглашение сотрудника"),
        {
            "holding": "Северный Ветер",
            "inviter": "Ольга Снежная",
            "role": "Закупщик",
            "expires": _AT,
            "address": _page("invitation/1-abc"),
        },
    ),
    "stage_request": LetterSample(
        _("Запрос доступа"), {**_STAGE, "person": "Иван Петров", "reason": "Сверка за квартал"}
    ),
    "stage_decision": LetterSample(
        _("Решение о доступе"),
        {
            **_STAGE,
            "state": "granted",
            "entities": [_BUYER, "ИП Снежная О. А."],
            "until": date(2026, 12, 31),
            "answer": "До конца года.",
        },
    ),
    "requisites_asked": LetterSample(
        _("Клиент просит изменить реквизиты"),
        {
            "person": "Ольга Снежная",
            "asked": "account_add",
            "subject_label": "Новый счет",
            "entity": _BUYER,
            "inn": "7701234567",
            "address": _page("staff/changes/7"),
        },
    ),
    "requisites_decided": LetterSample(
        _("Решение об изменении реквизитов"),
        {
            "entity": _BUYER,
            "state": "rejected",
            "state_label": "Отклонен",
            "reason": "Счет закрыт, проверьте номер.",
            "address": _page("company/3"),
        },
    ),
    "visit_message": LetterSample(
        _("Менеджер поработал в кабинете"),
        {
            "holding": "Северный Ветер",
            "employee": "Мария Менеджерова",
            "begun": _AT,
            "message": "Собрала заказ по вашему списку.\nПроверьте количество кабеля.",
            "address": _page("visits"),
        },
    ),
    "registration_confirm": LetterSample(
        _("Подтверждение почты"), {**_APPLICANT, "is_client": True, "is_person": True}
    ),
    "registration_entered": LetterSample(_("Новая заявка на регистрацию"), _APPLICANT),
    "access_asked": LetterSample(
        _("Человек просит доступ в кабинет"), {**_APPLICANT, "person": "Иван Петров", "entity": _BUYER}
    ),
    "registration_approved": LetterSample(_("Заявка одобрена"), _APPLICANT),
    "registration_rejected": LetterSample(_("Заявка отклонена"), _APPLICANT),
    "consent_withdrawn": LetterSample(
        _("Отозвано согласие"),
        {
            "person": "Иван Петров",
            "email": "ivan@north.example",
            "consent": Said("Рассылка о товарах, версия 2", "Рассылка о товарах, version 2"),
        },
    ),
    # --- orders
    "order_changed": LetterSample(
        _("Заказ изменен в 1С"),
        {
            "number": _ORDER,
            "is_cancelled": False,
            "rows": [
                {
                    "name": _GOODS,
                    "change": "changed",
                    "quantity": "8 шт",
                    "ordered": "10 шт",
                    "price": "95,00",
                    "ordered_price": "100,00",
                },
                {
                    "name": _CABLE,
                    "change": "removed",
                    "quantity": "0 м",
                    "ordered": "120 м",
                    "price": "",
                    "ordered_price": "",
                },
            ],
            "more": 2,
            "address": _page("orders/42"),
        },
    ),
    "change_asked": LetterSample(
        _("Клиент просит изменить заказ"),
        {
            "number": _ORDER,
            "buyer": _BUYER,
            "rows": _ROWS,
            "more": 1,
            "comment": "Стройку перенесли на неделю.",
            "address": _page("orders/42"),
        },
    ),
    "change_decided": LetterSample(
        _("Решение об изменении заказа"),
        {
            "number": _ORDER,
            "state": "rejected",
            "state_label": "Отклонено",
            "answer": "Машина уже вышла.",
            "rows": _ROWS,
            "more": 0,
            "address": _page("orders/42"),
        },
    ),
    "shipment_requested": LetterSample(
        _("Клиент просит отгрузить"),
        {
            "number": "ЗО-17",
            "buyer": _BUYER,
            "date": date(2026, 11, 25),
            "warehouse": "Основной",
            "count": 12,
            "address": _page("shipments/requests/17"),
        },
    ),
    "shipment_request_moved": LetterSample(
        _("Что стало с заявкой на отгрузку"),
        {
            "number": "ЗО-17",
            "state": "ready",
            "state_label": "Готова к отгрузке",
            "answer": "Ворота 3, с 9 до 12.",
            "address": _page("shipments/requests/17"),
        },
    ),
    "shipment_received": LetterSample(
        _("Расхождение при приемке"),
        {
            "buyer": _BUYER,
            "order": _ORDER,
            "number": "УТ-1042",
            "person": "Иван Петров",
            "rows": [{"name": _GOODS, "sent": Decimal(5), "came": Decimal(4), "note": "Разбита коробка"}],
            "more": 0,
            "address": _page("orders/42"),
        },
    ),
    # --- papers
    "invoice": LetterSample(
        _("Счет на оплату"),
        {
            "number": "1042",
            "date": date(2026, 11, 23),
            "order": _ORDER,
            "buyer": _BUYER,
            "seller": _SELLER,
            "total": Decimal("106555.13"),
            "pay_until": date(2026, 11, 26),
            "is_attached": True,
            "address": _page("documents/0b1c"),
        },
    ),
    "shipment_papers": LetterSample(
        _("Документы отгрузки"),
        {
            "number": "УТ-1042",
            "date": date(2026, 11, 23),
            "order": _ORDER,
            "buyer": _BUYER,
            "seller": _SELLER,
            "total": Decimal("106555.13"),
            "is_attached": False,
            "papers": [
                (
                    Said("УПД № 17 от 23.11.2026", "Universal transfer document No. 17 of 23.11.2026"),
                    _page("documents/17aa"),
                ),
                (
                    Said("Товарная накладная № 17 от 23.11.2026", "Waybill No. 17 of 23.11.2026"),
                    _page("documents/17ab"),
                ),
            ],
        },
    ),
    "price_list": LetterSample(
        _("Прайс-лист по расписанию"),
        {
            "list": "Крепеж",
            "made": _AT,
            "buyer": _BUYER,
            "city": "Казань",
            "rows": 1240,
            "is_attached": True,
            "seller": _SELLER,
            "address": _page("documents/price-lists/files/5"),
            "settings_address": _page("documents/price-lists/5"),
        },
        may_be_refused=True,
    ),
    # --- exchange with 1C
    "exchange_unconfirmed": LetterSample(
        _("1С не подтверждает заказы"),
        {"node": "УТ 11", "numbers": [_ORDER, "P-1043"], "more": 4, "address": _page("admin")},
    ),
    "exchange_quarantined": LetterSample(
        _("Заказы отложены"),
        {
            "rows": [{"number": _ORDER, "error": "1С дважды забрала этот заказ и не подтвердила."}],
            "more": 0,
            "address": _page("admin"),
        },
    ),
    "streams_late": LetterSample(
        _("Обмен опаздывает"),
        {"node": "УТ 11", "streams": _STREAMS, "is_seen": True, "address": _page("admin")},
    ),
    "streams_back": LetterSample(
        _("Обмен восстановился"), {"node": "УТ 11", "streams": _STREAMS, "address": _page("admin")}
    ),
}
