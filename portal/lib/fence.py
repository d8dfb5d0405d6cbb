"""Running a module of ours in a process of its own, on what somebody else has made.

Limits of memory and of the processor's time are set by the module itself; here are the limit of the clock
and an environment without the worker's passwords.
"""

import subprocess
import sys
from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[2]
# fontconfig keeps its cache under HOME
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(Path.home()), "LANG": "C.UTF-8"}


class FenceBroken(Exception):
    """The process ran out of memory or time, or fell; the message ends with what it said."""


def fenced(module: str, content: bytes, *options: str, seconds: int) -> bytes:
    """What `python -m module` answers to the content. Raises FenceBroken."""
    try:
        done = subprocess.run(  # noqa: S603 - our own module, the content goes to its input
            [sys.executable, "-m", module, *options],
            input=content,
            capture_output=True,
            cwd=_PROJECT,
            env=_ENVIRONMENT,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FenceBroken(f"No answer in {seconds} s") from error
    if done.returncode:
        raise FenceBroken(f"Exit {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout
