"""Why an application, a consent or a change of requisites cannot go on; the text is meant for the person."""

from django.utils.translation import gettext as _


class RegistrationRefused(Exception):
    """The base of all refusals here; `str()` is a text for the person."""


class WrongStep(RegistrationRefused):
    """The application was decided meanwhile, in another tab or by somebody else."""

    def __init__(self, state: str) -> None:
        super().__init__(_("Заявка уже в состоянии «{state}». Обновите страницу.").format(state=state))


class LinkDead(RegistrationRefused):
    """The link of the letter is wrong or older than 72 hours."""

    def __init__(self) -> None:
        super().__init__(_("Ссылка не действует: она живет 72 часа. Подайте заявку еще раз."))


class AlreadyConfirmed(RegistrationRefused):
    """The link was used, or the same company waits for an answer already."""

    def __init__(self) -> None:
        super().__init__(_("Почта уже подтверждена, заявка на рассмотрении. Войдите, чтобы увидеть ее."))


class NotAccepted(RegistrationRefused):
    """The address belongs to an employee, to somebody dismissed, or was blocked."""

    def __init__(self) -> None:
        super().__init__(_("Заявку с этой почтой принять нельзя. Позвоните нам."))


class PasswordNeeded(RegistrationRefused):
    """A new person has to choose a password."""

    def __init__(self) -> None:
        super().__init__(_("Придумайте пароль."))


class SameCompanyExists(RegistrationRefused):
    """A client with the ИНН is there: a second one needs an explicit word."""

    def __init__(self) -> None:
        super().__init__(
            _("Клиент с таким ИНН уже есть: присоедините заявку к нему или отметьте, что нужен новый клиент.")
        )


class ReasonNeeded(RegistrationRefused):
    """A refusal is explained."""

    def __init__(self) -> None:
        super().__init__(_("Укажите причину: ее увидит клиент."))


class AlreadyDecided(RegistrationRefused):
    """A request was settled meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Решение уже принято. Обновите страницу."))


class RoleTooHigh(RegistrationRefused):
    """A client's head gives no role above a plain one here."""

    def __init__(self) -> None:
        super().__init__(_("Эту роль дает менеджер."))


class NoLegalEntities(RegistrationRefused):
    """Nothing to act for was chosen."""

    def __init__(self) -> None:
        super().__init__(_("Выберите хотя бы одно юридическое лицо."))


class NothingChanged(RegistrationRefused):
    """All values stand as they were."""

    def __init__(self) -> None:
        super().__init__(_("Вы ничего не изменили."))


class WrongRequisites(RegistrationRefused):
    """Requisites that do not pass the checks; `errors` names the fields."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(" ".join(errors.values()))
