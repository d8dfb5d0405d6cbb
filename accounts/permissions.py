"""What a person may be allowed to do; the names that views, services and tests use."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Permission(models.TextChoices):
    """One permission of a client's person or of the distributor's employee."""

    ORDER_CREATE = "order_create", _("Собирать корзину")
    ORDER_SUBMIT = "order_submit", _("Отправлять заказы")
    ORDER_VIEW_ALL = "order_view_all", _("Видеть заказы коллег")
    DOCUMENT_VIEW = "document_view", _("Видеть документы")
    FINANCE_VIEW = "finance_view", _("Видеть взаиморасчеты")
    PEOPLE_MANAGE = "people_manage", _("Управлять сотрудниками")
    CLIENT_SERVE = "client_serve", _("Обслуживать клиентов")
    CLIENT_ENTER = "client_enter", _("Входить в кабинет клиента")
    PAYMENT_RECORD = "payment_record", _("Отмечать оплату")
