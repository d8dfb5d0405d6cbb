"""Why something cannot be done with a contract; each text is for people."""

from django.utils.translation import gettext as _

from documents.states import VersionState


class ContractRefused(Exception):
    """Base of what a page tells instead of doing it."""


class WrongVersionState(ContractRefused):
    """The version has moved meanwhile, or cannot go there from where it is."""

    def __init__(self, state: str) -> None:
        super().__init__(
            _("Версия уже в состоянии «{state}». Обновите страницу.").format(state=VersionState(state).label)
        )


class TextMissing(ContractRefused):
    def __init__(self) -> None:
        super().__init__(_("Сначала добавьте файл с текстом договора."))


class SignaturesMissing(ContractRefused):
    def __init__(self) -> None:
        text = _(
            "Нужен файл с подписями обеих сторон, отметка «оригинал получен» "
            "или статус «Подписан» у оператора ЭДО."
        )
        super().__init__(text)


class ReasonMissing(ContractRefused):
    def __init__(self) -> None:
        super().__init__(_("Напишите причину: ее прочитает клиент."))


class VersionOpen(ContractRefused):
    """Another version is still on its way."""

    def __init__(self, number: int) -> None:
        text = _("Версия {number} еще не принята. Примите или отзовите ее.")
        super().__init__(text.format(number=number))


class AnotherActive(ContractRefused):
    """A main contract of the kind is in force already."""

    def __init__(self, contract: str) -> None:
        text = _(
            "Уже действует договор {contract} того же вида. "
            "Укажите: новый заменяет его или действует вместе с ним."
        )
        super().__init__(text.format(contract=contract))


class ContractKnown(ContractRefused):
    def __init__(self, contract: str) -> None:
        super().__init__(_("Договор {contract} с этим юрлицом уже есть.").format(contract=contract))


class WrongDates(ContractRefused):
    def __init__(self) -> None:
        super().__init__(_("Срок кончается раньше, чем начинается."))


class ParentMissing(ContractRefused):
    def __init__(self) -> None:
        super().__init__(_("Укажите договор, к которому относится документ."))


class ContractOver(ContractRefused):
    def __init__(self) -> None:
        super().__init__(_("Договор закрыт или заменен новым."))


class DayAhead(ContractRefused):
    def __init__(self) -> None:
        super().__init__(_("Дата получения оригинала еще не наступила."))


class RefusalLate(ContractRefused):
    """A client may refuse prolongation only so many days ahead."""

    def __init__(self, days: int) -> None:
        text = _(
            "Отказаться от продления можно не позже чем за {days} дн. до конца срока. Напишите менеджеру."
        )
        super().__init__(text.format(days=days))


class NothingProlongs(ContractRefused):
    def __init__(self) -> None:
        super().__init__(_("Договор сам не продлевается."))
