"""Properties that a large 1C base collects for every kind of good: packing, storage, papers."""

from dataclasses import dataclass
from typing import Final

from integrations.demo.identity import Noise
from integrations.demo.kind import ValueType


@dataclass(frozen=True, slots=True)
class PassportLine:
    """One such property; 1C names it with the kind in brackets: «Вид упаковки (Болты DIN 933)»."""

    name: str
    type: ValueType
    values: tuple[str, ...] = ()
    pattern: str = ""

    def draw(self, noise: Noise) -> str:
        """Pick a value: one of a list, or a pattern in which # is a digit."""
        if self.values:
            return self.values[noise.below(len(self.values))]
        return "".join(str(noise.below(10)) if sign == "#" else sign for sign in self.pattern)


def _list(name: str, values: str) -> PassportLine:
    return PassportLine(name, ValueType.CHOICE, tuple(part.strip() for part in values.split("|")))


def _numbers(name: str, values: str) -> PassportLine:
    return PassportLine(name, ValueType.NUMBER, tuple(values.split()))


def _text(name: str, pattern: str) -> PassportLine:
    return PassportLine(name, ValueType.TEXT, pattern=pattern)


PASSPORT: Final = (
    _numbers("Гарантийный срок, мес", "6 12 18 24 36 60"),
    _list("Вид упаковки", "пакет | коробка | блистер | поддон | без упаковки"),
    _numbers("Срок службы, лет", "5 7 10 15 20 25 30 50"),
    _numbers("Ширина упаковки, мм", "80 120 160 200 240 300 400 600"),
    _numbers("Высота упаковки, мм", "40 60 80 120 180 240 300"),
    _numbers("Длина упаковки, мм", "100 150 200 300 400 600 1200"),
    _numbers("Вес брутто, кг", "0,15 0,4 0,8 1,5 3,2 6,5 12,4 24"),
    _numbers("Количество на паллете", "24 48 96 120 240 480 960"),
    _numbers("Наименьшая температура хранения, °C", "-50 -40 -25 -10 5"),
    _numbers("Наибольшая температура хранения, °C", "25 35 40 50 60"),
    _list("Климатическое исполнение", "УХЛ1 | УХЛ2 | УХЛ3 | УХЛ4 | У2 | У3"),
    _text("Номер сертификата", "ЕАЭС RU С-RU.АБ##.В.#####/26"),
    _text("Код ТН ВЭД", "85########"),
    _text("Код ОКПД 2", "27.##.##.###"),
    _list("Класс пожарной опасности", "КМ0 | КМ1 | КМ2 | КМ3 | КМ4"),
    _list("Экологический класс", "A | A+ | B | C"),
    _list("Цвет упаковки", "белый | крафт | синий | зелёный | прозрачный"),
    _list("Условия перевозки", "без ограничений | беречь от влаги | хрупкое | не кантовать"),
    _list("Группа хранения", "А1 | А2 | Б1 | Б2 | навес | улица"),
    _list("Оборачиваемость", "AX | AY | BX | BY | BZ | CY | CZ"),
    _numbers("Наименьшая партия", "1 5 10 20 50 100"),
    _numbers("Год начала выпуска", "2012 2015 2018 2020 2022 2024 2025"),
    _numbers("Сейсмостойкость, баллов", "6 7 8 9"),
    _numbers("Допуск размера, мм", "0,05 0,1 0,2 0,5 1"),
    _list("Вид маркировки", "этикетка | лазер | краска | оттиск | бирка"),
)
