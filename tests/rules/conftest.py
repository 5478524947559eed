"""In this tier there is no database: asking for one is an error."""

import pytest


@pytest.fixture
def session() -> None:
    pytest.fail("Rules are tested without a database.")


@pytest.fixture
def database() -> None:
    pytest.fail("Rules are tested without a database.")
