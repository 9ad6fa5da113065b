"""The provider double as a pytest fixture."""

from collections.abc import Iterator

import pytest

from tests.provider.server import Provider


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A fresh provider on loopback that answers from the schema until a test gives it another script."""
    with Provider() as running:
        yield running
