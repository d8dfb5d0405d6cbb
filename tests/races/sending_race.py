"""The same order sent many times at once through the web: suite S5, in any size."""

import re
from collections.abc import Sequence
from functools import partial

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import World, make_cart, make_person
from tests.races.crowd import crowd

CHECKOUT = reverse("orders:checkout")
TIMES = 16


def browser(person: User) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person)
    return client


def form_of(client: Client) -> dict[str, str]:
    page = client.get(CHECKOUT).content.decode()
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    return found | {"delivery": "pickup", "comment": "", "client_reference": ""}


def sent_at_once(world: World, *, keys: int) -> list[Sequence[HttpResponse | Exception]]:
    """Each of so many people clicks sixteen times; answers by person."""
    answers = []
    for _number in range(keys):
        person = make_person(world.holding)
        make_cart(person, world.contract, world.city, {world.skus[0]: 1})
        form = form_of(browser(person))
        clients = [browser(person) for _time in range(TIMES)]
        answers.append(crowd([partial(client.post, CHECKOUT, form) for client in clients]))
    return answers


def told(answer: object) -> tuple[object, ...]:
    """What a browser sees of an answer."""
    if isinstance(answer, HttpResponse):
        return (answer.status_code, answer.headers.get("Location"), answer.content)
    return (answer,)
