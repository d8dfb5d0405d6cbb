"""Why a payment cannot be recorded; the text is meant for the person."""

from django.utils.translation import gettext as _


class PaymentRefused(Exception):
    """The base of all refusals here."""


class WrongAmount(PaymentRefused):
    """The sum is not above zero or has parts of a kopeck."""

    def __init__(self) -> None:
        super().__init__(_("Сумма оплаты должна быть больше нуля и указана в рублях и копейках."))


class PaidInFuture(PaymentRefused):
    """The money cannot have come on a day that has not come."""

    def __init__(self) -> None:
        super().__init__(_("Дата оплаты еще не наступила."))


class PaymentDiffers(PaymentRefused):
    """The same payment document is already recorded with another sum or contract."""

    def __init__(self) -> None:
        super().__init__(_("Платежное поручение с этим номером и датой уже отмечено на другую сумму."))
