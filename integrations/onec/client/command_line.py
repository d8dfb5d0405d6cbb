"""Commands of the simulated 1C client: upload, orders, orders-back, send-orders, post and those of JSON."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from integrations.onec.client.client import OneCClient
from integrations.onec.client.conversation import Faults
from integrations.onec.client.dialects import DIALECTS
from integrations.onec.client.orders import OrdersAnswer
from integrations.onec.client.orders_back import PROFILES, Work
from integrations.onec.client.push_commands import push_commands_add
from integrations.onec.client.reports import Step, UploadReport
from integrations.onec.client.wire import FileSlice

MOSCOW = ZoneInfo("Europe/Moscow")

_FAULTS = {
    "cut-short": Faults(cut_short=64),
    "repeat-chunk": Faults(repeat_chunk=0),
    "stop-before-import": Faults(skip_import=True),
    "lost-answer": Faults(lose_answer=True),
    "repeat-orders": Faults(repeat_orders=True),
}


def main(arguments: list[str]) -> int:
    """Run one command; 0 when 1C would be content, 1 when not, 2 for wrong arguments."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m integrations.onec.client", description="Обмен с порталом так, как его ведёт 1С."
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--url", required=True, help="адрес сайта; без пути берётся путь 1С по умолчанию")
    common.add_argument("--user", required=True, help="имя пользователя обмена")
    common.add_argument("--password", required=True, help="пароль пользователя обмена")
    common.add_argument(
        "--dialect", choices=sorted(DIALECTS), default="ut", help="повадки УТ 11, УНФ 3, модуля БУС"
    )
    common.add_argument("--timeout", type=float, help="ожидание ответа, с (УТ 180, УНФ 1800)")
    common.add_argument("--give-up-after", type=float, default=3600, help="сколько ждать загрузки файла, с")
    common.add_argument("--zip", action="store_true", help="слать архивом, даже если сайт ответил zip=no")
    common.add_argument("--json", type=Path, metavar="FILE", help="записать отчёт в файл JSON")
    common.add_argument("--quiet", action="store_true", help="печатать только итог")
    common.add_argument("--fault", choices=sorted(_FAULTS), help="намеренная ошибка для проверки сайта")
    commands = parser.add_subparsers(required=True, metavar="КОМАНДА")
    _add_upload(commands.add_parser("upload", parents=[common], help="выгрузить папку обмена на сайт"))
    _add_orders(commands.add_parser("orders", parents=[common], help="получить заказы с сайта"))
    _add_orders_back(
        commands.add_parser("orders-back", parents=[common], help="забрать заказы и вернуть изменёнными")
    )
    send = commands.add_parser("send-orders", parents=[common], help="отправить изменённые заказы")
    send.add_argument("file", type=Path, help="файл заказов")
    send.add_argument("--name", default="", help="имя файла на сайте вместо orders-<uuid>_1.xml")
    send.set_defaults(command=_send_orders)
    post = commands.add_parser("post", parents=[common], help="один файл под любым именем, без порций")
    post.add_argument("file", type=Path, help="отправляемый файл")
    post.add_argument("--name", required=True, help="имя, под которым файл уйдёт на сайт")
    post.set_defaults(command=_post)
    push_commands_add(commands)
    return parser


def _add_upload(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="папка с import0_1.xml, offers0_1.xml и import_files")
    parser.add_argument("--catalog-index", type=int, metavar="K", help="номер каталога в именах файлов")
    parser.add_argument("--order", choices=["name", "offers-first"], default="name", help="порядок файлов")
    parser.add_argument(
        "--sessions",
        choices=["kind", "portion", "folder"],
        default="kind",
        help="сеанс на каждый файл (как УТ 11), на порцию import+offers или один на всю папку",
    )
    parser.set_defaults(command=_upload)


def _add_orders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, metavar="FILE", help="сохранить ответ сайта как есть")
    parser.add_argument("--no-success", action="store_true", help="не подтверждать получение")
    parser.add_argument("--orders-xml", type=Path, metavar="FILE", help="затем отправить изменённые заказы")
    parser.set_defaults(command=_orders)


def _add_orders_back(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--profile", choices=sorted(PROFILES), default="ut11", help="кто пишет файл")
    parser.add_argument("--from", dest="source", type=Path, metavar="FILE", help="ответ из orders --out")
    parser.add_argument("--state", default="", help="статус заказа в 1С")
    parser.add_argument("--paid", action="store_true", help="оплачен полностью")
    parser.add_argument("--shipped", action="store_true", help="отгружен полностью")
    parser.add_argument("--cancelled", action="store_true", help="отменён")
    parser.add_argument("--deleted", action="store_true", help="помечен на удаление")
    parser.add_argument("--reduce", type=int, default=0, metavar="N", help="уменьшить количества на N %%")
    parser.set_defaults(command=_orders_back)


def _client(options: argparse.Namespace) -> OneCClient:
    return OneCClient(
        options.url,
        options.user,
        options.password,
        dialect=options.dialect,
        timeout=options.timeout,
        give_up_after=options.give_up_after,
        zip_archive=options.zip,
        faults=_FAULTS.get(options.fault or ""),
        on_step=None if options.quiet else _print_step,
    )


def _upload(options: argparse.Namespace) -> int:
    report = _client(options).upload_folder(
        options.folder, order=options.order, sessions=options.sessions, catalog_index=options.catalog_index
    )
    _print_upload(report)
    _write_json(options.json, report.as_json())
    return 0 if report.ok else 1


def _send_orders(options: argparse.Namespace) -> int:
    report = _client(options).send_orders(options.file, name=options.name)
    _print_upload(report)
    _write_json(options.json, report.as_json())
    return 0 if report.ok else 1


def _orders(options: argparse.Namespace) -> int:
    """Fetch, judge, confirm only what 1C would load, then send changed orders back."""
    client = _client(options)
    answer = client.fetch_orders()
    if options.out and answer.body:
        options.out.write_bytes(answer.body)
    result, content = answer.as_json(), answer.acceptable
    _print_orders(answer)
    if answer.acceptable and not options.no_success:
        step = client.confirm_orders()
        result["confirmed"], content = step.ok, step.ok
    if content and options.orders_xml:
        report = client.send_orders(options.orders_xml)
        _print_upload(report)
        result["sent"], content = report.as_json(), report.ok
    _write_json(options.json, result)
    return 0 if content else 1


def _orders_back(options: argparse.Namespace) -> int:
    """Fetch and confirm orders, or take those of a kept answer, and send them back as a manager left them."""
    client, body = _client(options), b""
    if options.source:
        body = options.source.read_bytes()
    else:
        answer = client.fetch_orders()
        _print_orders(answer)
        if not (answer.acceptable and client.confirm_orders().ok):
            return 1
        body = answer.body
    work = Work(
        state=options.state,
        is_paid=options.paid,
        is_shipped=options.shipped,
        is_cancelled=options.cancelled,
        is_deleted=options.deleted,
        reduced=options.reduce,
    )
    report = client.return_orders(body, profile=options.profile, work=work, at=datetime.now(MOSCOW))
    _print_upload(report)
    _write_json(options.json, report.as_json())
    return 0 if report.ok else 1


def _post(options: argparse.Namespace) -> int:
    client = _client(options)
    session = client.open_session()
    if all(step.ok for step in session.steps):
        session.post_file(options.name, [FileSlice(options.file, 0, options.file.stat().st_size)])
    return 0 if all(step.ok for step in session.steps) else 1


def _print_step(step: Step) -> None:
    line = f"{step.exchange:7} {step.mode:9} {step.file or '—':32} {step.bytes_sent:>11} Б"
    line += f" {step.milliseconds:>8.0f} мс"
    if step.polls:
        line += f"  опросов {step.polls}"
    _say(f"{line}  {step.answer if step.answer else '—'}")
    if step.error:
        _say(f"        ошибка: {step.error}")
    for remark in step.remarks:
        _say(f"        замечание: {remark}")


def _print_upload(report: UploadReport) -> None:
    for name in report.skipped:
        _say(f"не отправлен: {name}")
    for error in report.errors:
        _say(f"ошибка: {error}")
    totals = report.as_json()
    _say(
        f"{'Обмен выполнен' if report.ok else 'Обмен не выполнен'}: сеансов {len(report.portions)}, "
        f"запросов {totals['requests']}, опросов {totals['polls']}, "
        f"передано {totals['bytes_sent']} Б, {report.seconds:.1f} с"
    )


def _print_orders(answer: OrdersAnswer) -> None:
    for order in answer.orders:
        _say(f"заказ {order.number} от {order.date}: {order.counterparty}, {order.amount} {order.currency}")
    for violation in answer.violations:
        _say(f"нарушение: заказ {violation.order or '—'}: {violation.message}")
    for step in answer.steps:
        if step.error:
            _say(f"ошибка: {step.mode}: {step.error}")
    _say(f"Заказов {len(answer.orders)}, нарушений {len(answer.violations)}")


def _write_json(path: Path | None, data: dict[str, Any]) -> None:
    if path:
        path.write_text(json.dumps(data, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
