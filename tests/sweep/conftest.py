"""The world of the sweep; one for all of its tests would be changed by them, so each has its own."""

import pytest

from tests.sweep.world import SweepWorld, make_sweep_world


@pytest.fixture
def sweep_world(db: None) -> SweepWorld:
    return make_sweep_world()
