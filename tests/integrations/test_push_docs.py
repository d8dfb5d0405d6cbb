"""Examples of the guide for integrators are what the portal takes."""

import json
import re
from pathlib import Path

import pytest

from integrations.models import PushStream
from integrations.push.bodies import body_read
from integrations.push.streams import STREAMS

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "1c.md").read_text()


@pytest.mark.parametrize(
    "stream",
    [
        PushStream.PARTNERS,
        PushStream.COUNTERPARTIES,
        PushStream.CONTRACTS,
        PushStream.AGREEMENTS,
        PushStream.SETTLEMENTS,
    ],
)
def test_example_of_a_stream_fits(stream: PushStream) -> None:
    (example,) = re.findall(rf"```json {stream.value}\n(.*?)```", GUIDE, re.DOTALL)

    told = json.loads(example)

    item = STREAMS[stream].item.model_validate(told)
    assert set(told) <= set(type(item).model_fields)


def test_envelopes_fit() -> None:
    begin, end = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)

    assert (body_read(begin.encode()).is_finish, body_read(end.encode()).count) == (False, 1840)
