"""Invented makers of goods. The names belong to the demonstration only."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Brand:
    """A maker: `code` begins its articles, `markup` is its price level (percent, 100 is usual)."""

    name: str
    code: str
    country: str
    markup: int


def _brand(name: str, code: str, country: str = "Россия", markup: int = 100) -> tuple[str, Brand]:
    return name, Brand(name, code, country, markup)


BRANDS: Final[dict[str, Brand]] = dict(
    (
        _brand("Кабельстан", "KBS"),
        _brand("Сибжила", "SBJ", markup=97),
        _brand("Волжский проводник", "VLP", markup=99),
        _brand("Медная нить", "MDN", markup=104),
        _brand("Токопровод-Юг", "TPY", markup=95),
        _brand("Вольтанис", "VLT"),
        _brand("Ампервелл", "AMW", "Китай", 88),
        _brand("Щитоград", "SGR", markup=106),
        _brand("Orvolt", "ORV", "Турция", 121),
        _brand("Kermond", "KRM", "Германия", 164),
        _brand("Фазиста", "FZS", markup=93),
        _brand("Релмаркет", "RLM", markup=98),
        _brand("Уютный контур", "UKR"),
        _brand("Lavigna", "LVG", "Италия", 152),
        _brand("Домолад", "DML", markup=90),
        _brand("Нордик Клик", "NKL", "Финляндия", 138),
        _brand("Лучеяр", "LCR"),
        _brand("Светопарк", "SVP", "Китай", 86),
        _brand("Люмитраль", "LMT", markup=112),
        _brand("Ясный цех", "YSC", markup=96),
        _brand("Лоткоцентр", "LTC"),
        _brand("Трассапласт", "TRP", markup=92),
        _brand("Контактор-Плюс", "KPL", markup=103),
        _brand("Изоленд", "IZL", "Китай", 84),
        _brand("Метизар", "MTZ"),
        _brand("Болтовик", "BLT", markup=94),
        _brand("Крепстан", "KRS", markup=98),
        _brand("Forgenta", "FRG", "Польша", 127),
        _brand("Резьба и ко", "RZK", "Китай", 82),
        _brand("Аквадуга", "AKD"),
        _brand("Пайпмарк", "PPM", "Турция", 109),
        _brand("Термоветвь", "TRV", markup=101),
        _brand("Rivanto", "RVN", "Италия", 158),
        _brand("Гидролад", "GDL", markup=93),
        _brand("Стоколайн", "STK", markup=96),
        _brand("Капельник", "KPN", "Беларусь", 91),
        _brand("Напорстрой", "NPS", markup=105),
        _brand("Резцов и сын", "RZS"),
        _brand("Дельторк", "DLT", "Китай", 87),
        _brand("Мастероваль", "MSV", markup=108),
        _brand("Щит и каска", "SHK"),
        _brand("Техкнига", "TKN"),
    )
)

LINES: Final = ("", "Про", "Стандарт", "Оптима", "Макси", "Эконом", "Мастер", "Комфорт")
"""Lines of one maker; a larger catalogue meets more of them."""

LINE_CODES: Final = ("", "P", "S", "O", "M", "E", "X", "K")
LINE_MARKUPS: Final = (100, 118, 96, 103, 124, 83, 110, 114)
