"""Load a file of 1C from disk, or only tell what it would do."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from integrations.models import ExchangeFile, ExchangeNode, FileState
from integrations.onec.loading.report import summary
from integrations.onec.refusal import ExchangeRefusal
from integrations.services.replays import content_submit
from integrations.services.trials import content_try
from portal.outbox.runner import run

_PAUSE = 0.5


class Command(BaseCommand):
    help = "Загрузить файл CommerceML в базу обмена; с --dry-run только сказать, что изменилось бы."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--node", required=True, help="код базы 1С")
        parser.add_argument("--dry-run", action="store_true", help="ничего не записывать")

    def handle(self, *args: Any, file: Path, node: str, dry_run: bool, **options: Any) -> None:
        base = ExchangeNode.objects.filter(code=node).first()
        if base is None:
            raise CommandError(f"Нет базы 1С с кодом {node}")
        if not file.is_file() or file.suffix.lower() != ".xml":
            raise CommandError(f"Нужен файл .xml: {file}")
        try:
            if dry_run:
                self._tell(content_try(node=base, name=file.name, path=file))
            else:
                self._load(content_submit(node=base, path=file, at=timezone.now()))
        except ExchangeRefusal as refusal:
            raise CommandError(str(refusal)) from None

    def _load(self, file: ExchangeFile) -> None:
        """Do the job here, or wait for the worker that was quicker."""
        if file.job_id is not None:
            run(file.job_id)
        file.refresh_from_db()
        while file.state == FileState.IMPORTING:
            time.sleep(_PAUSE)
            file.refresh_from_db()
        if file.state == FileState.FAILED:
            raise CommandError(file.message)
        self._tell(file.report)

    def _tell(self, report: dict[str, Any]) -> None:
        self.stdout.write(summary(report))
        for reason in report.get("held", {}).get("reasons", []):
            self.stdout.write(f"Ждёт решения администратора: {reason}")
        for warning in report["warnings"]:
            place = f" (Ид {warning['id']}, строка {warning['line']})" if warning["id"] else ""
            self.stdout.write(f"Предупреждение: {warning['text']}{place}")
