"""A dozen goods in memory, in order of rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from pyroaring import BitMap

from catalog.search.finding import Found, find
from catalog.search.goods_text import GoodsText, naming_words
from catalog.search.lexicon import Lexicon
from catalog.search.phrases import BRAND, PHRASE, SECTION, Phrases
from catalog.search.suggesting import Suggestions, suggest
from catalog.search.synonyms import Synonyms
from tests.catalog.search.memory import MemoryPostings

GOODS = (
    GoodsText(
        "Паяльник электрический 60 Вт Зенит", brand="Зенит", articles=("ЗН-100", "00001-000001"), unit="шт"
    ),
    GoodsText(
        "Паяльник импульсный 100Вт Elitech", brand="Elitech", articles=("E1234", "00002-000002"), unit="шт"
    ),
    GoodsText('Вентиль бронзовый 1 1/4" Geberit', brand="Geberit", articles=("123.456.78.9",), unit="шт"),
    GoodsText("Тачка строительная 85 л Ермак", brand="Ермак", articles=("555-777",), unit="шт"),
    GoodsText("Шпагат джутовый 2х100м Хозмаркет", brand="Хозмаркет", articles=("00005-000005",), unit="шт"),
    GoodsText("Гвоздь строительный 4,0*120 Ермак", brand="Ермак", articles=("00006-000006",), unit="кг"),
    GoodsText("Затирка белая 5 кг Mapei", brand="Mapei", articles=("260123M",), unit="меш"),
    GoodsText("Затирка белая 2кг Mapei", brand="Mapei", articles=("260999M",), unit="меш"),
    GoodsText("Доска обрезн. 50х150х6000", articles=("00009-000009",), unit="шт"),
    GoodsText("Винт М8х30 оцинкованный", articles=("00010-000010",), barcodes=("4600000000012",), unit="кг"),
    GoodsText("Светильник с датчиком 9Вт 4000К", articles=("00011-000011",), sections=("Свет",), unit="шт"),
    GoodsText("Светильник без датчика 9Вт 4000К", articles=("00012-000012",), sections=("Свет",), unit="шт"),
)


@dataclass
class Shop:
    """The goods with all that a search needs; `lines` of synonyms are (phrase, meaning, is mutual)."""

    postings: MemoryPostings
    lexicon: Lexicon
    synonyms: Synonyms
    phrases: Phrases
    among: BitMap

    @property
    def context(self) -> dict[str, Any]:
        rank = np.linspace(1.0, 0.0, len(GOODS)).astype(np.float32)
        known = {"postings": self.postings, "lexicon": self.lexicon, "synonyms": self.synonyms}
        return {**known, "among": self.among, "rank": rank}

    def find(self, text: str, **changed: Any) -> Found:
        return find(text, **{**self.context, **changed})

    def names(self, text: str, **changed: Any) -> list[str]:
        """Names of the goods found, best first."""
        ordinals, scores = self.find(text, **changed).scores
        return [GOODS[ordinal].name for ordinal in ordinals[np.argsort(-scores, kind="stable")].tolist()]

    def suggest(self, text: str, **changed: Any) -> Suggestions:
        return suggest(text, **{"phrases": self.phrases, **self.context, **changed})


@pytest.fixture(scope="session")
def shop() -> Shop:
    synonyms = Synonyms.parse([("строительная тачка", "тележка", False), ("бечевка", "шпагат", True)])
    postings = MemoryPostings(GOODS)
    lines = [(" ".join(naming_words(goods.name, goods.brand)[:1]), PHRASE, 1.0, 0.1, 0.0) for goods in GOODS]
    lines += [(goods.brand, BRAND, 1.0, 0.1, 0.0) for goods in GOODS if goods.brand]
    phrases = Phrases.build([*lines, ("Свет", SECTION, 2.0, 0.1, 0.0)])
    packed = postings.lexicon(synonyms).pack()
    return Shop(
        postings, Lexicon.unpack(packed), synonyms, Phrases.unpack(phrases.pack()), BitMap(range(len(GOODS)))
    )
