"""Examples of the guide for integrators are what the portal takes."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.models import PushStream
from integrations.push.bodies import body_read, model_read
from integrations.push.items.requests import RequestsAck
from integrations.services.push.streams import STREAMS

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "1c.md").read_text()


@pytest.mark.parametrize("stream", list(PushStream))
def test_example_of_a_stream_fits(stream: PushStream) -> None:
    (example,) = re.findall(rf"```json {stream.value}\n(.*?)```", GUIDE, re.DOTALL)

    told = json.loads(example, parse_float=Decimal)

    item = STREAMS[stream].item.model_validate(told)
    assert set(told) <= set(type(item).model_fields)


def test_word_on_requests_fits() -> None:
    (example,) = re.findall(r"```json ack\n(.*?)```", GUIDE, re.DOTALL)

    assert model_read(RequestsAck, example.encode()).refused[0].reason


def test_envelopes_fit() -> None:
    begin, end = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)

    assert (body_read(begin.encode()).is_finish, body_read(end.encode()).count) == (False, 1840)
