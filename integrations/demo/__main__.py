"""python -m integrations.demo --out DIR: write the export of the demonstration company."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from integrations.demo.generate import DemoSummary, generate
from integrations.demo.options import DemoOptions


def main(arguments: list[str]) -> int:
    """Write the export and print what it holds; 2 means that the numbers asked for do not fit."""
    parser = _parser()
    given = parser.parse_args(arguments)
    options = DemoOptions(
        goods=given.goods,
        properties=given.properties,
        sections=given.sections,
        seed=given.seed,
        portion=given.portion,
        price_levels=given.price_types,
        storehouses=given.warehouses,
        pictures=not given.no_pictures,
        formed_at=given.formed_at,
    )
    try:
        summary = generate(given.out, options)
    except ValueError as refusal:
        parser.error(str(refusal))
    sys.stdout.write(_report(given.out, summary))
    return 0


def _parser() -> argparse.ArgumentParser:
    usual = DemoOptions()
    parser = argparse.ArgumentParser(prog="python -m integrations.demo", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument("--goods", type=int, default=usual.goods)
    parser.add_argument("--properties", type=int, default=usual.properties)
    parser.add_argument("--sections", type=int, default=usual.sections)
    parser.add_argument("--seed", type=int, default=usual.seed)
    parser.add_argument("--portion", type=_positive, default=usual.portion, help="goods in one file")
    parser.add_argument("--price-types", type=int, default=usual.price_levels)
    parser.add_argument("--warehouses", type=int, default=usual.storehouses)
    parser.add_argument("--no-pictures", action="store_true")
    parser.add_argument(
        "--formed-at", type=datetime.fromisoformat, default=usual.formed_at, help="ДатаФормирования"
    )
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("нужно число больше нуля")
    return value


def _report(out: Path, summary: DemoSummary) -> str:
    megabytes = sum(path.stat().st_size for path in out.glob("*0_*.xml")) / 1_000_000
    return (
        f"{out}\n"
        f"  разделов {summary.sections}, свойств {summary.properties},"
        f" типов цен {summary.price_types}, складов {summary.warehouses}\n"
        f"  товаров {summary.goods} (удалённых {summary.deleted}), предложений {summary.offers}\n"
        f"  порций {summary.portions}, XML {megabytes:.1f} МБ,"
        f" картинок {summary.pictures} ({summary.picture_bytes / 1_000_000:.1f} МБ)\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
