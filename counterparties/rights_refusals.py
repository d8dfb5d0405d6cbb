"""Why rights cannot be given, changed or taken; the text is meant for the person."""

from datetime import date

from django.utils.translation import gettext as _

from portal.lib.dates import format_date


class RightsRefused(Exception):
    """The base of all refusals here; `str()` is a text for the person."""


class AboveOwnRights(RightsRefused):
    """Somebody gives, changes or takes more than he has himself."""

    def __init__(self) -> None:
        super().__init__(
            _("Это больше ваших собственных прав: их может дать или изменить только тот, у кого они есть.")
        )


class OwnRights(RightsRefused):
    """Nobody changes his own rights."""

    def __init__(self) -> None:
        super().__init__(_("Собственные права изменить нельзя: попросите другого руководителя."))


class TooLong(RightsRefused):
    """The end lies in the past, or beyond that of the giver's own right."""

    def __init__(self, limit: date) -> None:
        super().__init__(
            _("Укажите дату не позже {date}: до нее действуют ваши права.").format(date=format_date(limit))
        )


class InThePast(RightsRefused):
    """A right that has ended before it begins."""

    def __init__(self) -> None:
        super().__init__(_("Дата окончания уже прошла."))


class NoLegalEntities(RightsRefused):
    """Neither the whole holding nor any legal entity was named."""

    def __init__(self) -> None:
        super().__init__(_("Выберите хотя бы одно юридическое лицо."))


class AlreadyDecided(RightsRefused):
    """A request or an invitation was settled meanwhile, in another tab or by somebody else."""

    def __init__(self) -> None:
        super().__init__(_("Решение уже принято. Обновите страницу."))


class StageHeld(RightsRefused):
    """The person already has the stage."""

    def __init__(self) -> None:
        super().__init__(_("Эта ступень уже открыта."))


class AlreadyMember(RightsRefused):
    """The person belongs to the holding."""

    def __init__(self) -> None:
        super().__init__(
            _("Человек с этой почтой уже есть среди сотрудников: измените его права в карточке.")
        )


class AlreadyInvited(RightsRefused):
    """An invitation to the address waits for an answer."""

    def __init__(self) -> None:
        super().__init__(
            _("Приглашение на эту почту уже отправлено: его можно отправить снова или отозвать.")
        )


class InvitationDead(RightsRefused):
    """The link is wrong, used, replaced, revoked, out of date, or its giver has lost the rights."""

    def __init__(self) -> None:
        super().__init__(_("Ссылка больше не действует. Попросите прислать приглашение еще раз."))


class AccountExists(RightsRefused):
    """The invited person signs in already: he joins after signing in."""

    def __init__(self) -> None:
        super().__init__(_("У вас уже есть вход на портал: войдите и примите приглашение."))


class WrongPerson(RightsRefused):
    """The invitation was sent to another address, or to an employee of the distributor."""

    def __init__(self) -> None:
        super().__init__(_("Приглашение отправлено другому человеку."))


class RoleFixed(RightsRefused):
    """Ready roles and one's own role are not changed here."""

    def __init__(self) -> None:
        super().__init__(_("Эту роль изменить нельзя: она готовая или ваша собственная."))


class RoleInUse(RightsRefused):
    """Somebody has the role or is invited with it."""

    def __init__(self) -> None:
        super().__init__(_("Роль занята: сначала дайте ее сотрудникам и приглашенным другую роль."))


class RoleNameTaken(RightsRefused):
    """The holding has a role of this name, or it is empty."""

    def __init__(self) -> None:
        super().__init__(_("Роль с таким названием уже есть."))


class WrongHeir(RightsRefused):
    """Carts go to a working colleague of the same client only."""

    def __init__(self) -> None:
        super().__init__(_("Выберите работающего сотрудника той же компании."))
