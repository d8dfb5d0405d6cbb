"""Articles of the invented company. Their HTML lies in `texts`; sections and kinds by name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TEXTS: Final = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class ArticleData:
    """`days` before today it was published; None is a draft. `goods` are kinds, of each the first good."""

    slug: str
    title: str
    lead: str
    sections: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()
    days: int | None = None

    @property
    def body(self) -> str:
        return (_TEXTS / f"{self.slug}.html").read_text("utf-8")


ARTICLES: Final = (
    ArticleData(
        slug="cable-cross-section",
        title="Как выбрать сечение кабеля",
        lead="Сечение считают по току, а проверяют по длине линии и способу прокладки.",
        sections=("Силовой кабель", "Провода и шнуры"),
        goods=("Кабель ВВГнг(А)-LS", "Провода монтажные"),
        days=4,
    ),
    ArticleData(
        slug="breaker-rcd-difference",
        title="Автомат, УЗО и дифавтомат: что от чего защищает",
        lead="Автомат бережёт провод, УЗО – человека, дифавтомат делает и то и другое.",
        sections=("Защита линий",),
        goods=("Автоматы модульные", "УЗО", "Дифавтоматы"),
        days=11,
    ),
    ArticleData(
        slug="bolt-strength-classes",
        title="Что значат цифры на головке болта",
        lead="8.8, 10.9, А2-70: класс прочности и материал читаются прямо с крепежа.",
        sections=("Метрический крепёж",),
        goods=("Болты DIN 933", "Гайки", "Шайбы"),
        days=18,
    ),
    ArticleData(
        slug="ip-code-for-lamps",
        title="IP20, IP44, IP65: какой светильник куда",
        lead="Первая цифра – пыль, вторая – вода. Для ванной, склада и улицы они разные.",
        sections=("Светильники", "Лампы"),
        goods=("Прожекторы", "Лампы светодиодные"),
        days=26,
    ),
    ArticleData(
        slug="anchor-or-dowel",
        title="Анкер или дюбель: чем крепить к бетону и кирпичу",
        lead="Выбор зависит от стены и от того, будет ли нагрузка качаться.",
        sections=("Анкеры и дюбели", "Буры и свёрла"),
        goods=("Анкеры", "Дюбели", "Буры и свёрла"),
        days=40,
    ),
    ArticleData(
        slug="pump-for-house",
        title="Как подобрать насос для отопления",
        lead="Напор важнее мощности: считаем по длине труб и числу отводов.",
        sections=("Отопление и насосы",),
        goods=("Насосы",),
    ),
)
