"""Fixtures of the tests of the command line."""

import pytest

from tests.grade.asked_study import KEYS
from tests.provider.fixtures import provider

__all__ = ["provider"]


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Keys of all providers in the environment."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    return KEYS
