"""S1: every address × principals × owners × methods; nobody sees or changes what is another's."""

from tests.sweep.addresses import SKIPPED, every_address, is_known
from tests.sweep.people import PRINCIPALS, SAMPLE
from tests.sweep.walker import Report, Walker
from tests.sweep.world import SweepWorld


def test_every_address_has_factories_for_its_parameters() -> None:
    unknown = [address.name for address in every_address() if not is_known(address)]

    assert unknown == []
    assert len(SKIPPED) <= 15


def sweep(world: SweepWorld, names: tuple[str, ...], methods: tuple[str, ...]) -> Report:
    report = Report()
    for principal in PRINCIPALS:
        if principal.name in names:
            Walker(world, principal, report).walk(methods)
    return report


def assert_clean(report: Report) -> None:
    print(report.summary())
    for kind in ("errors", "leaks", "changes", "oracles", "owner_refused"):
        print(kind, *sorted(set(getattr(report, kind)))[:60], sep="\n  ")
    assert (report.errors, report.leaks, report.changes, report.oracles) == ([], [], [], [])
    assert report.visited == {address.name for address in every_address()} - set(SKIPPED)
    assert len(report.owner_refused) <= report.owner_asked * 0.05


def test_sampled_sweep_finds_nothing(sweep_world: SweepWorld) -> None:
    assert_clean(sweep(sweep_world, SAMPLE, ("GET", "POST")))
