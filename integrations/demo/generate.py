"""Write a demonstration export: a folder as 1C «Управление торговлей» would upload it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from integrations.demo.catalogue import Catalogue
from integrations.demo.goods import Good
from integrations.demo.identity import guid
from integrations.demo.import_file import import_file, write_good
from integrations.demo.offers_file import offers_file, write_offers
from integrations.demo.options import DemoOptions
from integrations.demo.pictures import draw


@dataclass(slots=True)
class DemoSummary:
    """What was written."""

    sections: int = 0
    properties: int = 0
    price_types: int = 0
    warehouses: int = 0
    portions: int = 0
    goods: int = 0
    offers: int = 0
    deleted: int = 0
    pictures: int = 0
    picture_bytes: int = 0


class PictureShelf:
    """Puts a copy of the drawing of its kind beside each good, under a path of its own."""

    def __init__(self, folder: Path, seed: int, summary: DemoSummary) -> None:
        self._folder = folder
        self._seed = seed
        self._summary = summary
        self._drawn: dict[str, bytes] = {}

    def put(self, good: Good) -> tuple[str, ...]:
        """Write the picture of a good; returns paths as Картинка holds them."""
        if not good.drawing:
            return ()
        if good.drawing not in self._drawn:
            self._drawn[good.drawing] = draw(good.drawing)
        content = self._drawn[good.drawing]
        name = good.guid.replace("-", "")
        picture = guid(self._seed, "picture", good.guid).replace("-", "")
        path = f"import_files/{name[:2]}/{name}_{picture}.png"
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self._summary.pictures += 1
        self._summary.picture_bytes += len(content)
        return (path,)


def generate(folder: Path, options: DemoOptions) -> DemoSummary:
    """Write import0_N.xml, offers0_N.xml and import_files into the folder; the same options, the same bytes.

    Raises ValueError when the assortment has no room for the wanted numbers.
    """
    catalogue = Catalogue(options)
    summary = DemoSummary(
        sections=len(catalogue.sections),
        properties=len(catalogue.properties.entries),
        price_types=len(catalogue.levels),
        warehouses=len(catalogue.storehouses),
    )
    folder.mkdir(parents=True, exist_ok=True)
    shelf = PictureShelf(folder, options.seed, summary) if options.pictures else None
    goods = catalogue.goods()
    while summary.goods < options.goods:
        summary.portions += 1
        _write_portion(folder, catalogue, summary, shelf, islice(goods, options.portion))
    return summary


def _write_portion(
    folder: Path,
    catalogue: Catalogue,
    summary: DemoSummary,
    shelf: PictureShelf | None,
    portion: Iterator[Good],
) -> None:
    number, first = summary.portions, summary.portions == 1
    with (
        import_file(folder / f"import0_{number}.xml", catalogue, first=first) as goods,
        offers_file(folder / f"offers0_{number}.xml", catalogue, first=first) as offers,
    ):
        for good in portion:
            write_good(goods, good, shelf.put(good) if shelf else ())
            summary.goods += 1
            summary.deleted += good.deleted
            if not good.deleted:
                write_offers(offers, good, catalogue)
                summary.offers += len(good.offers)
