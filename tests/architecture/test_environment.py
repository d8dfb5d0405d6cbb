"""The example of the environment says all there is, and bad values stop the start."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from portal.environment import Environment

ROOT = Path(__file__).resolve().parents[2]


def test_env_example_names_every_setting_and_no_other() -> None:
    text = (ROOT / ".env.example").read_text()

    named = set(re.findall(r"^([A-Z_]+)=", text, flags=re.MULTILINE))

    assert named == {name.upper() for name in Environment.model_fields}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"environment": "production"}, "SECRET_KEY must be set in production"),
        ({"environment": "production", "secret_key": "x" * 50}, "EMAIL_URL must be set in production"),
        ({"environment": "staging"}, "Input should be 'development', 'demo', 'test' or 'production'"),
        ({"exchange_file_limit": "2 MB"}, "Input should be a valid integer"),
        ({"trusted_proxies": -1}, "Input should be greater than or equal to 0"),
    ],
)
def test_environment_refuses_bad_values_at_start(values: dict[str, object], words: str) -> None:
    addresses = {"database_url": "postgresql://localhost/x", "redis_url": "redis://localhost/0"}

    with pytest.raises(ValidationError, match=re.escape(words)):
        Environment(_env_file=None, **addresses, **values)
