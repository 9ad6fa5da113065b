"""Fixtures of the tests of grading."""

from pathlib import Path

import pytest

from tests.provider.fixtures import provider

__all__ = ["provider"]

PLANTED_KEYS = {
    "OPENAI_API_KEY": "sk-planted-openai-0001",
    "ANTHROPIC_API_KEY": "sk-ant-planted-0002",
    "GEMINI_API_KEY": "AIza-planted-gemini-0003",
}


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Keys in the environment that must never be seen again."""
    for name, value in PLANTED_KEYS.items():
        monkeypatch.setenv(name, value)
    return PLANTED_KEYS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test's ledger goes."""
    return tmp_path / "verdicts.sqlite"
