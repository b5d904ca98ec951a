"""What several modules of tests read: made once in each process."""

import pytest

from tests.services.reports.months import Months, months


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Months:
    """Read by everybody, changed by nobody: seven seconds are spent on it once."""
    return months(tmp_path_factory.mktemp("months"))
