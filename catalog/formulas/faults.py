"""What is wrong with a formula, in words for people."""

from django.utils.translation import gettext as _


class FormulaFault(Exception):
    """A formula cannot be read or counted; `position` is the sign, from one, that it is about (0: all)."""

    def __init__(self, message: str, position: int = 0) -> None:
        self.message, self.position = message, position
        super().__init__(message)

    def __str__(self) -> str:
        if not self.position:
            return self.message
        return _("{message} (знак {position})").format(message=self.message, position=self.position)
