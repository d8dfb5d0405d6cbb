"""Look for what no committed file may hold: addresses in locks, leftovers of work, paths of one machine."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"package-lock.json", "requirements/base.txt", "requirements/embedded.txt", "requirements/dev.txt"}
ADDRESS = re.compile(r"https?://|--index-url|--extra-index-url|--find-links|\"resolved\"")
FUNDING = re.compile(r"^\s*\"url\": \"https://(github\.com/sponsors|opencollective\.com)/")
LEFTOVER = re.compile(r"\b(TODO|FIXME)\b|\bbreakpoint\(\)|\braise NotImplementedError\b")  # house: named here
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root|home/\w+)/\w")
SOURCES = {".py", ".html", ".css", ".js", ".md", ".toml", ".yml", ".conf", ".in", ".sh", ""}


def main() -> int:
    """Print one line per finding."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    findings = [line for name in listed.split("\0") if name for line in findings_in(name)]
    sys.stdout.writelines(f"{line}\n" for line in findings)
    return 1 if findings else 0


def findings_in(name: str) -> list[str]:
    """Return `file:line: what` for one tracked file."""
    path = ROOT / name
    if not path.is_file() or path.suffix not in SOURCES | {".txt", ".json"}:
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        what = fault(name, path.suffix, line)
        if what:
            found.append(f"{name}:{number}: {what}")
    return found


def fault(name: str, suffix: str, line: str) -> str | None:
    """Tell what is wrong with a line, if anything."""
    if name in LOCKS:
        return "an address in a lock" if ADDRESS.search(line) and not FUNDING.search(line) else None
    if suffix not in SOURCES or line.endswith("# house: named here"):
        return None
    if LEFTOVER.search(line):
        return "unfinished work"
    return "a path of one machine" if MACHINE_PATH.search(line) else None


if __name__ == "__main__":
    sys.exit(main())
