"""manage.py demo_load --base-url URL: the demonstration company, its goods through the real exchange."""

import json
import shutil
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from integrations.demo import fiction, signin
from integrations.demo.calculators import calculators_fill
from integrations.demo.claims import claims_fill
from integrations.demo.company import company_fill
from integrations.demo.gathering import gathering_fill
from integrations.demo.generate import generate
from integrations.demo.mapping import company_map, is_mapped
from integrations.demo.money import money_fill
from integrations.demo.morning import morning_fill
from integrations.demo.options import DemoOptions
from integrations.demo.papers import papers_fill
from integrations.demo.quotes import quotes_fill
from integrations.demo.receivers import receivers_fill
from integrations.demo.reviews import reviews_fill
from integrations.demo.talks import talks_fill
from integrations.demo.watches import watches_fill
from integrations.demo.words import words_fill
from integrations.onec.client import OneCClient, Step
from orders.services.served import served_count


class Command(BaseCommand):
    """Idempotent: what is complete is left alone, what was interrupted is finished."""

    help = "Загружает демонстрационную компанию: клиентов сразу, товары через обмен с 1С"

    def add_arguments(self, parser: ArgumentParser) -> None:
        usual = DemoOptions()
        parser.add_argument("--base-url", required=True, help="адрес работающего портала")
        parser.add_argument("--goods", type=int, default=usual.goods)
        parser.add_argument("--properties", type=int, default=usual.properties)
        parser.add_argument("--sections", type=int, default=usual.sections)
        parser.add_argument("--portion", type=int, default=usual.portion)
        parser.add_argument("--price-types", type=int, default=usual.price_levels)
        parser.add_argument("--warehouses", type=int, default=usual.storehouses)
        parser.add_argument("--no-pictures", action="store_true")
        parser.add_argument("--report", type=Path, help="куда записать отчет об обмене (JSON)")

    def handle(self, *args: Any, **options: Any) -> None:
        company_fill()
        if not is_mapped():
            self._exchange(options)
            company_map()
        words_fill()
        receivers_fill()
        reviews_fill()
        gathering_fill()
        money_fill()
        talks_fill()  # before the papers: what is shipped then is told in the talk about its order
        papers_fill()
        calculators_fill()
        quotes_fill()
        morning_fill()
        claims_fill()
        watches_fill()
        served_count(at=timezone.now())  # what a night would count
        self._greet(options["base_url"])

    def _exchange(self, options: dict[str, Any]) -> None:
        folder = settings.VAR_DIRECTORY / "demo"
        shutil.rmtree(folder, ignore_errors=True)
        summary = generate(
            folder,
            DemoOptions(
                goods=options["goods"],
                properties=options["properties"],
                sections=options["sections"],
                portion=options["portion"],
                pictures=not options["no_pictures"],
                price_levels=options["price_types"],
                storehouses=options["warehouses"],
            ),
        )
        self.stdout.write(f"1С выгружает: товаров {summary.goods}, картинок {summary.pictures}")
        client = OneCClient(
            f"{options['base_url']}/1c/exchange",
            signin.NODE_USERNAME,
            signin.NODE_PASSWORD,
            on_step=self._show if sys.stdout.isatty() or options["verbosity"] > 1 else self._show_import,
        )
        report = client.upload_folder(folder)
        if options["report"]:
            options["report"].write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1))
        if not report.ok:
            raise CommandError("обмен не прошел: " + "; ".join(report.errors))
        self.stdout.write(f"обмен завершен за {report.seconds:.0f} с")

    def _show(self, step: Step) -> None:
        if step.mode in {"file", "import"} and step.file.endswith(".xml"):
            self.stdout.write(f"  {step.mode} {step.file}: {step.answer[:60]} ({step.milliseconds:.0f} мс)")

    def _show_import(self, step: Step) -> None:
        if step.mode == "import":
            self._show(step)

    def _greet(self, base_url: str) -> None:
        buyer = next(person for person in fiction.PEOPLE if person.role == "buyer")
        head = next(person for person in fiction.PEOPLE if person.role == "head")
        manager = next(person for person in fiction.STAFF if not person.is_administrator)
        administrator = next(person for person in fiction.STAFF if person.is_administrator)
        self.stdout.write(f"\nПортал: {base_url}   (пароль у всех: {signin.PASSWORD})")
        for title, email, path in (
            ("клиент, закупщик", buyer.email, ""),
            ("клиент, руководитель", head.email, ""),
            ("менеджер", manager.email, ""),
            ("администратор", administrator.email, "admin/"),
        ):
            self.stdout.write(f"  {title:<22} {email:<28} {base_url}/{path}")
        self.stdout.write(f"  {'1С':<22} {signin.NODE_USERNAME:<28} {signin.NODE_PASSWORD}\n")
