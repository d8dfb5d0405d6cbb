"""Why nothing is written into a talk; the text is meant for the person."""

from django.utils.translation import gettext as _


class TalkRefused(Exception):
    """The base of all refusals here; `str()` is a text for the person."""


class NothingSaid(TalkRefused):
    """Neither words nor files."""

    def __init__(self) -> None:
        super().__init__(_("Напишите сообщение или приложите файл."))


class TakenByAnother(TalkRefused):
    """A colleague was quicker."""

    def __init__(self, name: str) -> None:
        super().__init__(_("Уже отвечает {name}.").format(name=name))


class NotServing(TalkRefused):
    """The talk may only go to one who serves the client."""

    def __init__(self) -> None:
        super().__init__(_("Этот сотрудник не обслуживает клиента."))


class AlreadySo(TalkRefused):
    """The talk is closed, or open, already."""

    def __init__(self) -> None:
        super().__init__(_("Переписка уже в этом состоянии, обновите страницу."))


class NotAnEmployee(TalkRefused):
    """Only a colleague at work stands in."""

    def __init__(self) -> None:
        super().__init__(_("Замещать может только работающий сотрудник, но не вы сами."))
