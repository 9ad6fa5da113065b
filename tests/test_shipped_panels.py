"""The panels that ship: each loads, and what it says of models holds for the litellm that venire pins."""

import json
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from venire.family import family_of
from venire.panel import LlmJudge, Panel, judge_family, read_panel

FOLDER = Path(str(files("venire.judges")))
# litellm's prefixes that its price map leaves out of a model's name.
UNPREFIXED = ("anthropic/", "openai/")


def shipped(name: str) -> Panel:
    return read_panel(FOLDER / f"{name}.yaml")


def llm_judges(name: str) -> list[LlmJudge]:
    return [judge for judge in shipped(name).judges if isinstance(judge, LlmJudge)]


@pytest.fixture(scope="module")
def price_map() -> dict[str, Any]:
    """The price map inside the installed litellm, read without importing it (which takes seconds)."""
    spec = find_spec("litellm")
    assert spec is not None
    assert spec.origin is not None
    prices: dict[str, Any] = json.loads(
        (Path(spec.origin).parent / "model_prices_and_context_window_backup.json").read_text(encoding="utf-8")
    )
    return prices


def priced(judge: LlmJudge, price_map: dict[str, Any]) -> dict[str, Any]:
    name = judge.model
    for prefix in UNPREFIXED:
        name = name.removeprefix(prefix)
    found: dict[str, Any] = price_map[name]
    return found


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_panel_loads_and_is_called_by_its_file(path: Path) -> None:
    panel = read_panel(path)
    assert panel.id == path.stem
    assert panel.description


def test_the_frontier_panel_has_four_judges_of_four_families() -> None:
    judges = llm_judges("frontier")
    assert [judge_family(judge) for judge in judges] == ["claude", "gpt", "grok", "gemini"]
    assert len(shipped("frontier").judges) == 4


@pytest.mark.parametrize("judge", llm_judges("frontier") + llm_judges("local"), ids=lambda judge: judge.id)
def test_the_family_written_down_is_the_one_the_name_tells(judge: LlmJudge) -> None:
    assert judge.family == family_of(judge.model.split("/", 1)[1])


@pytest.mark.parametrize("judge", llm_judges("frontier"), ids=lambda judge: judge.id)
class TestAFrontierJudge:
    def test_has_a_price_in_litellms_map(self, judge: LlmJudge, price_map: dict[str, Any]) -> None:
        assert priced(judge, price_map)["input_cost_per_token"] > 0
        assert judge.price is None

    def test_promises_no_longer_prompt_or_answer_than_the_model_takes(
        self, judge: LlmJudge, price_map: dict[str, Any]
    ) -> None:
        limits = priced(judge, price_map)
        assert judge.context_tokens == limits["max_input_tokens"]
        assert judge.max_tokens <= limits["max_output_tokens"]

    def test_sets_no_temperature_since_some_of_the_models_refuse_it(self, judge: LlmJudge) -> None:
        assert judge.temperature is None

    def test_is_nobodys_self_and_reads_its_key_from_the_usual_variable(self, judge: LlmJudge) -> None:
        assert judge.agent is None
        assert judge.api_key_env is None


def test_the_local_judge_talks_to_this_machine_and_needs_no_key() -> None:
    (judge,) = llm_judges("local")
    assert judge.model.startswith("openai/")
    assert judge.api_base == "http://localhost:8000/v1"
    assert judge.api_key_env == "none"


def test_the_local_judge_has_a_price_of_its_own_since_the_map_has_none(price_map: dict[str, Any]) -> None:
    (judge,) = llm_judges("local")
    assert judge.model.removeprefix("openai/") not in price_map
    assert judge.price is not None
    assert judge.price.input == judge.price.output == 0
