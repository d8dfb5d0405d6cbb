"""Where an акт сверки may go from where it stands."""

from django.utils.translation import gettext as _

from documents.states import ActState

MOVES: dict[str, frozenset[ActState]] = {
    ActState.REQUESTED: frozenset({ActState.GENERATED, ActState.FAILED, ActState.SENT}),
    ActState.FAILED: frozenset(),
    ActState.GENERATED: frozenset({ActState.SENT, ActState.CONFIRMED, ActState.DISPUTED, ActState.SIGNED}),
    ActState.SENT: frozenset({ActState.CONFIRMED, ActState.DISPUTED, ActState.SIGNED}),
    ActState.DISPUTED: frozenset({ActState.CONFIRMED}),
    ActState.CONFIRMED: frozenset({ActState.SIGNED}),
    ActState.SIGNED: frozenset(),
}
"""Another act is made anew; none goes back. One of 1C comes ready and is sent at once."""

MADE = frozenset(set(ActState) - {ActState.REQUESTED, ActState.FAILED})
"""Such an act has lines, a number and a file."""
OPEN = frozenset({ActState.GENERATED, ActState.SENT, ActState.DISPUTED})
"""The sides still talk of it."""


class WrongActState(Exception):
    """The act stands elsewhere than the page of the person says."""


def require_move(state: str, target: ActState) -> None:
    """Raises WrongActState, with a text for the person."""
    if target not in MOVES[state]:
        raise WrongActState(_("Акт уже в состоянии «{state}».").format(state=ActState(state).label))


def require_open(state: str) -> None:
    """Raises WrongActState where there is nothing left to talk of."""
    if state not in OPEN:
        raise WrongActState(_("Акт уже в состоянии «{state}».").format(state=ActState(state).label))
