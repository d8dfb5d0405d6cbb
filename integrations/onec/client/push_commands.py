"""Commands of the JSON side: push, push-requests."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from integrations.onec.client.push import OneCPushClient, PushFaults, PushReport, items_read

MOSCOW = ZoneInfo("Europe/Moscow")
_PDF = b"%PDF-1.4\n%%EOF\n"
_FAULTS = {
    "repeat-batch": PushFaults(repeat_batch=True),
    "lost-answer": PushFaults(lose_answer=True),
    "older-after": PushFaults(older_after=True),
}


def push_commands_add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands of the JSON channel to the others."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--url", required=True, help="адрес сайта; без пути берётся /api/1c/v1")
    common.add_argument("--key", required=True, help="ключ базы")
    common.add_argument("--source", required=True, help="код базы на портале")
    common.add_argument("--json", type=Path, metavar="FILE", help="записать отчёт в файл JSON")
    push = commands.add_parser("push", parents=[common], help="послать поток JSON пакетами")
    push.add_argument("stream", help="поток: counterparties, contracts, order_states, documents и другие")
    push.add_argument("file", type=Path, help='файл JSON: список или {"items": [...]}')
    push.add_argument("--full", action="store_true", help="полная выгрузка: в конце finish и count")
    push.add_argument("--batch", type=int, default=500, metavar="N", help="сколько в одном пакете")
    push.add_argument("--fault", choices=sorted(_FAULTS), help="намеренная ошибка для проверки сайта")
    push.set_defaults(command=_push)
    asked = commands.add_parser("push-requests", parents=[common], help="забрать запросы клиентов")
    asked.add_argument("--answer", type=Path, metavar="FILE", help="ответить на каждый документом с файлом")
    asked.add_argument("--answer-blank", action="store_true", help="ответить пустым PDF")
    asked.set_defaults(command=_requests)


def _push(options: argparse.Namespace) -> int:
    client = OneCPushClient(
        options.url, options.key, source=options.source, faults=_FAULTS.get(options.fault or "")
    )
    items = items_read(options.file.read_text(encoding="utf-8-sig"))
    send = client.send_full if options.full else client.send
    return _told(send(options.stream, items, at=datetime.now(MOSCOW), size=options.batch), options.json)


def _requests(options: argparse.Namespace) -> int:
    client = OneCPushClient(options.url, options.key, source=options.source)
    if options.answer or options.answer_blank:
        content = options.answer.read_bytes() if options.answer else _PDF
        return _told(client.answer_requests(content, at=datetime.now(MOSCOW)), options.json)
    wanted, reply = client.requests()
    for request in wanted:
        _say(f"{request['ref']}: {request['type']}")
    return _told(PushReport([reply]), options.json)


def _told(report: PushReport, path: Path | None) -> int:
    for reply in report.replies:
        _say(f"{reply.what:16} код {reply.status} {reply.milliseconds:>8.0f} мс {reply.error}".rstrip())
    for row in report.rejected:
        _say(f"не принято {row.get('ref')}: {row.get('error')}")
    _say(f"Принято {report.accepted}, не принято {len(report.rejected)}")
    if path:
        path.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if report.ok and not report.rejected else 1


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
