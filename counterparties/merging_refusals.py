"""Why clients are not merged or split; the text is meant for the manager."""

from django.utils.translation import gettext as _


class MergeRefused(Exception):
    """The base of all refusals here; `str()` is a text for the person."""


class SameParty(MergeRefused):
    """A row would be merged into itself."""

    def __init__(self) -> None:
        super().__init__(_("Выберите двух разных."))


class AlreadyMerged(MergeRefused):
    """Somebody merged one of the two before, or it is closed."""

    def __init__(self, name: str) -> None:
        super().__init__(_("{name}: уже объединили с другим. Обновите страницу.").format(name=name))


class ReasonMissing(MergeRefused):
    """The record would not say why."""

    def __init__(self) -> None:
        super().__init__(_("Напишите причину: она останется в истории."))


class NothingChosen(MergeRefused):
    """A split without legal entities, or without a name."""

    def __init__(self) -> None:
        super().__init__(_("Выберите юрлица, которые выделяются, и назовите нового клиента."))


class HoldingLeftEmpty(MergeRefused):
    """The client would stay without legal entities."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("У клиента {name} не останется юрлиц. Объедините клиентов целиком.").format(name=name)
        )


class RequisitesClash(MergeRefused):
    """The requisites chosen from both do not fit one another."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(
            _("Выбранные реквизиты не подходят друг к другу: {faults}").format(faults=" ".join(faults))
        )
