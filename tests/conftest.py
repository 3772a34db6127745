"""What every test shares: the database, and the requirements and hazards that a test names, written to the report."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, and that is no fault of what is tested: speed is measured in bench/.
settings.register_profile("holdfast", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("holdfast")

pytest_plugins = ["tests.database.fixtures"]

INPUTS = Path(__file__).resolve().parents[2] / "shared" / "inputs"
REPORTED = ("requirement", "hazard", "control_off")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write the ids of a test's markers into the JUnit report, and refuse what an append-only record cannot do."""
    for item in items:
        for name in REPORTED:
            for marker in item.iter_markers(name):
                item.user_properties.extend((name, identifier) for identifier in marker.args)
        if item.get_closest_marker("inputs"):
            item.user_properties.append(("inputs", "reads"))
        database = item.get_closest_marker("django_db")
        if database and (database.kwargs.get("transaction") or (database.args and database.args[0])):
            raise pytest.UsageError(f"{item.nodeid}: use the clean_database fixture, not a transactional django_db")


@pytest.fixture(scope="session")
def shared_inputs() -> Path:
    """The folder of real input beside the repository; a test that asks for it carries the `inputs` marker."""
    if not INPUTS.is_dir():
        pytest.skip("the shared inputs are not beside the repository")
    return INPUTS
