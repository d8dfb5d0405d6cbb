"""What a person may be allowed to do, how far it reaches, and at which stage of trust it comes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """One permission of a client's person or of the distributor's employee."""

    ORDER_CREATE = "order_create", _("Собирать корзину")
    ORDER_SUBMIT = "order_submit", _("Отправлять заказы")
    ORDER_VIEW = "order_view", _("Видеть заказы")
    DOCUMENT_VIEW = "document_view", _("Видеть счета и отгрузочные документы")
    FINANCE_VIEW = "finance_view", _("Видеть долги, лимиты и акты сверки")
    REQUISITES_EDIT = "requisites_edit", _("Менять реквизиты и адреса")
    DOCUMENT_SIGN = "document_sign", _("Подписывать документы и согласовывать акты")
    PEOPLE_MANAGE = "people_manage", _("Управлять сотрудниками и их правами")
    CLIENT_SERVE = "client_serve", _("Обслуживать клиентов")
    CLIENT_ENTER = "client_enter", _("Входить в кабинет клиента")
    PAYMENT_RECORD = "payment_record", _("Отмечать оплату")
    CREDIT_OVERRIDE = "credit_override", _("Пропускать заказы сверх лимита")


class Scope(models.TextChoices):
    """How far a permission reaches inside a holding."""

    OWN = "own", _("Только свое")
    ENTITIES = "entities", _("Мои юрлица")
    HOLDING = "holding", _("Весь холдинг")


class Stage(models.IntegerChoices):
    """The ladder of trust: each step includes those below; the head of the client grants them."""

    ORDERS = 1, _("Каталог и заказы")
    DOCUMENTS = 2, _("Документы")
    FINANCE = 3, _("Финансы: долги, лимиты, акты")
    AUTHORITY = 4, _("Подпись и управление сотрудниками")


STAGE_OF: dict[Permission, Stage] = {
    Permission.ORDER_CREATE: Stage.ORDERS,
    Permission.ORDER_SUBMIT: Stage.ORDERS,
    Permission.ORDER_VIEW: Stage.ORDERS,
    Permission.DOCUMENT_VIEW: Stage.DOCUMENTS,
    Permission.FINANCE_VIEW: Stage.FINANCE,
    Permission.REQUISITES_EDIT: Stage.AUTHORITY,
    Permission.DOCUMENT_SIGN: Stage.AUTHORITY,
    Permission.PEOPLE_MANAGE: Stage.AUTHORITY,
}
"""Permissions of a client's people; the others belong to the distributor's employees."""
