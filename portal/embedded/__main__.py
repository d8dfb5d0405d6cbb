"""`python -m portal.embedded start|stop|status|env|run -- CMD...`."""

import argparse
import os
import shlex
import sys
from pathlib import Path

from portal.embedded import HOME, EmbeddedError, Services, control, services


def main(arguments: list[str]) -> int:
    """Do one of the five things; a server that cannot be started is told in one line."""
    chosen = _parser().parse_args(arguments)
    try:
        return _do(chosen)
    except EmbeddedError as problem:
        sys.stderr.write(f"embedded services: {problem}\n")
        return 1


def _do(chosen: argparse.Namespace) -> int:
    home: Path = chosen.home.resolve()
    match chosen.action:
        case "start":
            _tell(control.start(home, keep=True, environment=os.environ))
        case "stop":
            control.stop(home)
        case "status":
            found = services(home)
            _tell(found)
            return 0 if found else 3
        case "env":
            for name, url in control.addresses(services(home) or Services()).items():
                sys.stdout.write(f"export {name}={shlex.quote(url)}\n")
        case "run":
            command = chosen.command[1:] if chosen.command[:1] == ["--"] else chosen.command
            if not command:
                raise EmbeddedError("run needs a command: run -- CMD...")
            return control.run(home, command, os.environ)
    return 0


def _tell(found: Services | None) -> None:
    for name in ("postgresql", "redis"):
        pid = found.pids.get(name) if found else None
        sys.stdout.write(f"{name}: {f'running, pid {pid}' if pid else 'not running'}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m portal.embedded", description=__doc__)
    parser.add_argument("--home", type=Path, default=HOME, help="folder of the servers' data")
    actions = parser.add_subparsers(dest="action", required=True)
    actions.add_parser("start", help="start the servers; they stay until stop")
    actions.add_parser("stop", help="stop the servers")
    actions.add_parser("status", help="tell what runs; code 3 when nothing does")
    actions.add_parser("env", help="print DATABASE_URL and REDIS_URL for a shell")
    run = actions.add_parser("run", help="run a command with the servers up")
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="-- CMD", help="and its arguments")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
