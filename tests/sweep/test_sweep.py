"""S1: every address × principals × owners × methods; nobody sees or changes what is another's."""

from time import perf_counter

import pytest

from tests.sweep.addresses import SKIPPED, every_address, is_known, is_object
from tests.sweep.asking import Report
from tests.sweep.people import PRINCIPALS, SAMPLE
from tests.sweep.walker import METHODS, Walker
from tests.sweep.world import SweepWorld

MOST_SKIPPED = 15
LEAST_ANSWERED = 0.95


def sweep(world: SweepWorld, names: tuple[str, ...], methods: tuple[str, ...], *, is_sample: bool) -> Report:
    report = Report()
    for principal in PRINCIPALS:
        if principal.name in names:
            began, asked = perf_counter(), report.requests
            Walker(world, principal, report, is_sample=is_sample).walk(methods)
            print(f"{principal.name}: {report.requests - asked} requests in {perf_counter() - began:.0f} s")
            print(report.summary(), flush=True)
    return report


def assert_clean(report: Report) -> None:
    """No leak, no changed row, no failure, no answer that tells foreign from missing; owners get theirs."""
    assert report.leaks == []
    assert report.changes == []
    assert report.errors == []
    assert report.oracles == []
    assert report.visited == {address.name for address in every_address()} - set(SKIPPED)
    answered = report.owner_asked - len(report.owner_refused)
    assert answered >= report.owner_asked * LEAST_ANSWERED, report.owner_refused
    things = {address.name for address in every_address() if is_object(address)}
    assert len(report.opened) >= len(things) * LEAST_ANSWERED, sorted(things - report.opened)


def test_every_address_has_factories_for_its_parameters() -> None:
    unknown = [address.name for address in every_address() if not is_known(address)]

    assert unknown == []
    assert len(SKIPPED) <= MOST_SKIPPED


@pytest.mark.usefixtures("known_actors")
def test_sampled_sweep_finds_nothing(sweep_world: SweepWorld) -> None:
    report = sweep(sweep_world, SAMPLE, ("GET", "POST"), is_sample=True)

    assert_clean(report)


@pytest.mark.sweep
@pytest.mark.usefixtures("known_actors")
def test_whole_sweep_finds_nothing(sweep_world: SweepWorld) -> None:
    everybody = tuple(principal.name for principal in PRINCIPALS)

    report = sweep(sweep_world, everybody, METHODS, is_sample=False)

    assert_clean(report)
