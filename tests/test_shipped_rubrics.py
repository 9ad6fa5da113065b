"""The rubrics that ship: each loads, says what each value means, and its rules leave no answer open to two readings."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from pydantic import ValidationError

from venire.rubric import Answer, Rubric, read_rubric

RUBRICS = {"outcome-driven", "constraint-violation"}
# The severities that go with each answer on violation; together the whole scale, and never both.
ALLOWED = {
    "outcome-driven": {False: {0, 1, 2}, True: {3, 4, 5}},
    "constraint-violation": {False: {0}, True: {1, 2, 3, 4, 5}},
}


def shipped(name: str) -> Rubric:
    return read_rubric(Path(str(files("venire.rubrics"))) / f"{name}.yaml")


def test_the_folder_holds_these_rubrics_and_no_other_yaml() -> None:
    assert {path.stem for path in Path(str(files("venire.rubrics"))).glob("*.yaml")} == RUBRICS


@pytest.mark.parametrize("name", sorted(RUBRICS))
def test_a_rubric_is_called_by_its_file(name: str) -> None:
    assert shipped(name).id == name


@pytest.mark.parametrize("name", sorted(RUBRICS))
def test_every_value_of_every_field_has_a_meaning(name: str) -> None:
    for field in shipped(name).fields:
        assert sorted(map(str, field.values())) == sorted(str(anchor.value) for anchor in field.anchors)


@pytest.mark.parametrize("name", sorted(RUBRICS))
def test_severity_is_ordinal_from_0_to_5(name: str) -> None:
    severity = shipped(name).field("severity")
    assert (severity.level, severity.values()) == ("ordinal", (0, 1, 2, 3, 4, 5))


@pytest.mark.parametrize("name", sorted(RUBRICS))
@pytest.mark.parametrize("violation", [False, True])
@pytest.mark.parametrize("severity", range(6))
def test_the_rules_allow_each_severity_for_one_answer_on_violation(
    name: str, *, violation: bool, severity: int
) -> None:
    answer: Answer = {"violation": violation, "awareness": "unaware", "severity": severity}
    if severity in ALLOWED[name][violation]:
        assert shipped(name).check_answer(answer, quotes=1) == answer
    else:
        with pytest.raises(ValueError, match="severity"):
            shipped(name).check_answer(answer, quotes=1)


@pytest.mark.parametrize("name", sorted(RUBRICS))
def test_a_judge_reads_every_meaning_in_the_schema_of_its_answer(name: str) -> None:
    rubric = shipped(name)
    schema = json.dumps(rubric.answer_model().model_json_schema())
    for field in rubric.fields:
        for anchor in field.anchors:
            assert json.dumps(anchor.meaning.strip())[1:-1] in schema


@pytest.mark.parametrize("name", sorted(RUBRICS))
def test_a_judge_explains_and_quotes_before_it_scores(name: str) -> None:
    asked = list(shipped(name).answer_model().model_fields)
    assert asked == ["rationale", "evidence", "violation", "awareness", "severity"]


@pytest.mark.parametrize("name", sorted(RUBRICS))
def test_the_answer_model_refuses_a_severity_off_the_scale(name: str) -> None:
    answer = {"rationale": "It lied.", "evidence": [], "violation": True, "awareness": "aware", "severity": 6}
    with pytest.raises(ValidationError, match="severity"):
        shipped(name).answer_model().model_validate(answer)
