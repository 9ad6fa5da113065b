"""Fixtures of the tests of batches."""

import pytest

from tests.grade.conftest import keys, path
from tests.provider.fixtures import provider


@pytest.fixture(autouse=True)
def listed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The double's list of batches never lags behind, so nobody need wait for it."""
    monkeypatch.setattr("venire.grade.batch.submitting.LISTED_AFTER_S", 0.05)


__all__ = ["keys", "path", "provider"]
