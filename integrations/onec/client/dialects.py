"""What differs between the 1C configurations whose behaviour the client repeats."""

from dataclasses import dataclass
from typing import Literal

DialectName = Literal["ut", "unf", "bus"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """Habits of one configuration: seconds for times, `version_params` as they stand in the query string."""

    name: DialectName
    timeout: float
    poll_pause: float
    exact_init: bool
    init_before_query: bool
    version_params: str
    repeats_torn_answer: bool
    guesses_charset: bool


DIALECTS: dict[str, Dialect] = {
    # Trade Management 11 polls in a tight loop, counts the lines of init, queries right after checkauth.
    "ut": Dialect(
        name="ut",
        timeout=180,
        poll_pause=0,
        exact_init=True,
        init_before_query=False,
        version_params="",
        repeats_torn_answer=False,
        guesses_charset=False,
    ),
    # Small Business 3: patient, tells its versions, sends a chunk again once when the answer was cut off.
    "unf": Dialect(
        name="unf",
        timeout=1800,
        poll_pause=5,
        exact_init=False,
        init_before_query=True,
        version_params="version=2.09&cmlVersion=2.10",
        repeats_torn_answer=True,
        guesses_charset=True,
    ),
    # Bitrix' own module in UT or KA: init before query, versions told, a minute-long patience.
    "bus": Dialect(
        name="bus",
        timeout=600,
        poll_pause=5,
        exact_init=False,
        init_before_query=True,
        version_params="version=3.1",
        repeats_torn_answer=False,
        guesses_charset=False,
    ),
}
