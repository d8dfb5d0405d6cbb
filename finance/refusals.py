"""Why money is not taken or lent; the text is meant for the person."""

from decimal import Decimal

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


class CreditRefused(Exception):
    """The credit line does not let an order through; `str()` is a text for the person.

    `need` is what the order asks for, `available` what there is (RUB with VAT, may be below zero).
    """

    reason = "refused"

    def __init__(self, *, contract_id: int, need: Decimal, available: Decimal, text: str) -> None:
        self.contract_id, self.need, self.available = contract_id, need, available
        super().__init__(text)


class CreditExceeded(CreditRefused):
    """The order needs more than is left of the limit."""

    reason = "exceeded"


class CreditClosed(CreditRefused):
    """The line or the contract is suspended or has run out."""

    reason = "closed"


class CreditOverdue(CreditRefused):
    """The client owes for longer than the line tolerates."""

    reason = "overdue"


class NothingToPay(PaymentRefused):
    """Nothing was chosen."""

    def __init__(self) -> None:
        super().__init__(_("Выберите, что оплатить."))


class PaysMoreThanOpen(PaymentRefused):
    """Somebody has paid meanwhile, or the sum is above what is open; `title` names the thing."""

    def __init__(self, title: str) -> None:
        super().__init__(
            _("{title}: сумма больше остатка. Возможно, часть уже оплачена.").format(title=title)
        )


class OnlinePaymentOff(PaymentRefused):
    """This installation takes no online payments."""

    def __init__(self) -> None:
        super().__init__(_("Онлайн-оплата не подключена."))


class PaymentKeyReused(PaymentRefused):
    """The form was sent already with other sums."""

    def __init__(self) -> None:
        super().__init__(_("Эта форма уже отправлена с другими суммами. Обновите страницу."))
