"""Who asks: the principals of the sweep, what each may see, and what each may not change."""

import base64
from dataclasses import dataclass, field

from django.test import Client

from accounts.models import User
from counterparties.models import Membership
from tests.sweep.fences import Fence
from tests.sweep.world import ONEC_PASSWORD, SweepWorld

A_TAGS = frozenset(
    {"a", "apeople", "aphoto", "a1", "a2"}
    | {f"{corner}{kind}" for corner in ("a1e1", "a1e2", "a2e3") for kind in ("order", "person", "visit")}
)
B_TAGS = frozenset({"b", "bpeople", "bphoto", "b1", "b1e1order", "b1e1person", "b1e1visit"})
CARTS = frozenset({"a1e1cart", "a1e2cart", "a2e3cart"})


@dataclass(frozen=True)
class Principal:
    """A way to come to the portal; `home` is the corner that is his own.

    `nearest` is a corner of the same client into which he may not look; "missing" where there is none.
    """

    name: str
    user: str | None = None
    home: str = "missing"
    may_see: frozenset[str] = frozenset()
    may_not_touch: frozenset[str] = frozenset({"a", "b"})
    nearest: str = "missing"
    headers: dict[str, str] = field(default_factory=dict)
    is_dismissed: bool = False

    def client(self, world: SweepWorld) -> Client:
        """A browser of his, already signed in; a failing page is an answer 500 and no exception."""
        client = Client(raise_request_exception=False, headers=self.headers)
        if self.user is not None:
            client.force_login(world.users[self.user])
            if self.is_dismissed:
                User.objects.filter(pk=world.users[self.user].pk).update(is_active=False)
        return client


def _buyer(corner: str, name: str, *, not_touch: frozenset[str], nearest: str = "missing") -> Principal:
    own = {f"{corner}{kind}" for kind in ("order", "person", "cart", "self", "visit")}
    shared = {corner[:1], f"{corner[:1]}photo", corner[:2]}
    return Principal(name, corner, corner, frozenset(own | shared), not_touch, nearest)


_BASIC = base64.b64encode(f"1c:{ONEC_PASSWORD}".encode()).decode()

PRINCIPALS: tuple[Principal, ...] = (
    Principal("anonymous"),
    _buyer("a1e1", "buyer", not_touch=frozenset({"b", "a2", "a1e2"}), nearest="a1e2"),
    _buyer("a1e2", "colleague", not_touch=frozenset({"b", "a2", "a1e1"}), nearest="a1e1"),
    _buyer(
        "a2e3",
        "buyer of the other legal entity",
        not_touch=frozenset({"b", "a1", "a1e1", "a1e2"}),
        nearest="a1e1",
    ),
    Principal("head", "ahead", "a1e1", A_TAGS | CARTS, frozenset({"b"})),
    _buyer("b1e1", "other buyer", not_touch=frozenset({"a"})),
    Principal("other head", "bhead", "b1e1", B_TAGS | {"b1e1cart"}, frozenset({"a"})),
    Principal("manager", "amanager", "a1e1", A_TAGS | {"bphoto"}, frozenset({"b"})),
    Principal("other manager", "bmanager", "b1e1", B_TAGS | {"aphoto"}, frozenset({"a"})),
    Principal("1C", headers={"Authorization": f"Basic {_BASIC}"}),
    Principal("dismissed", "closed", is_dismissed=True),
)
SAMPLE = ("anonymous", "buyer", "buyer of the other legal entity", "other head", "other manager", "manager")
ALIKE = frozenset({"buyer of the other legal entity", "other manager"})
"""Those of the sample who have the same pages as another one in it."""


def fences(world: SweepWorld) -> dict[str, Fence]:
    """Clients with all their people, the other legal entity, and single people."""
    found = {}
    for letter in ("a", "b"):
        corners = [one for key, one in world.corners.items() if key[0] == letter]
        holding = int(str(corners[0].ids["holding"]))
        people = Membership.objects.filter(holding_id=holding).values_list("user_id", flat=True)
        entities = frozenset(int(str(one.ids["entity"])) for one in corners)
        found[letter] = Fence(letter, frozenset({holding}), entities, frozenset(people))
    for key, corner in world.corners.items():
        found[key] = Fence(key, users=frozenset({int(str(corner.ids["user"]))}))
        entity = frozenset({int(str(corner.ids["entity"]))})
        found[corner.entity] = Fence(corner.entity, entities=entity)
    return found
