"""What a failure leaves in the log."""

import logging
import sys

import pytest
import structlog

from portal.logs import log_renderers


def failed_sign_in(password: str) -> logging.LogRecord:
    """A record made where a password is a local variable."""
    try:
        raise ValueError("no such base")
    except ValueError:
        return logging.LogRecord(__name__, logging.ERROR, __file__, 1, "failed", None, sys.exc_info())


@pytest.mark.parametrize("log_format", ["console", "json"])
def test_traceback_is_told_without_local_variables(log_format: str) -> None:
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *log_renderers(log_format),
        ]
    )

    text = formatter.format(failed_sign_in("hidden-" + "secret"))

    assert "ValueError: no such base" in text
    assert "in failed_sign_in" in text
    assert "hidden-secret" not in text
