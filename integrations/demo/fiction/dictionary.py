"""What the invented company taught its search, and what was looked for there. All invented."""

from typing import Final

SYNONYMS: Final = (
    ("сетевой шнур", "удлинитель", True),
    ("вэвэгэшка", "кабель ВВГнг", False),
    ("крокодил", "саморез с пресс-шайбой", False),
    ("пилот", "удлинитель", False),
    ("заглушка щита", "щит пластиковый", False),
)
"""Phrase, meaning, whether it holds the other way, too."""

PINS: Final = (
    ("кабель", "Кабель ВВГнг(А)-LS"),
    ("автомат", "Автоматы модульные"),
    ("перчатки", "Перчатки"),
)
"""A query and the kind whose most ordered good stands first."""

SECTION_REDIRECTS: Final = (("весь крепеж", "Крепёж"), ("освещение", "Светотехника"))
PAGE_REDIRECTS: Final = (("статьи", "/articles/"), ("отзывы", "/reviews/"), ("мои заказы", "/orders/"))

STOP_WORDS: Final = ("купить", "цена", "недорого", "срочно")

SUGGESTED: Final = (("кабель ввгнг 3х2,5", 60, False), ("автомат с16", 40, False), ("б/у", 0, True))
"""A phrase, its priority, whether it is never suggested."""

ASKED: Final = (
    ("кабель 3х2,5", 46, 14),
    ("автомат 16а", 38, 22),
    ("саморезы по дереву", 27, 31),
    ("болт м8х40", 21, 3),
    ("прожектор 50вт", 17, 6),
    ("витая пара", 15, 9),
    ("труба ppr 20", 12, 4),
    ("перфоратор", 9, 0),
    ("герметик", 6, 0),
    ("стремянка 5 ступеней", 4, 0),
    ("изолента синяя", 3, 5),
)
"""A text, how often it was looked for in two weeks, how many goods it found."""
