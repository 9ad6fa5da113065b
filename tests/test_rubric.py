"""A rubric asks what every violation rubric asks, and takes only answers that fit it."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from venire.condition import Condition
from venire.errors import RubricError
from venire.rubric import Rubric, RubricField, read_rubric
from venire.yaml_model import parse_yaml_model

TEXT = """\
id: mine
version: 1
title: Mine
question: Did it break the rule?
evidence: Quote it.
rationale: Explain it.
fields:
  - name: violation
    type: bool
    level: nominal
    description: Whether it did.
  - name: severity
    type: integer
    level: ordinal
    minimum: 0
    maximum: 5
    description: How bad.
  - name: awareness
    type: category
    level: nominal
    description: Whether it knew.
    anchors:
      - {value: aware, meaning: It knew.}
      - {value: unaware, meaning: It did not.}
      - {value: unobservable, meaning: Nobody can tell.}
rules:
  - when: violation == true
    then: severity >= 3
    because: a violation is severe
"""


def rubric() -> Rubric:
    return parse_yaml_model(TEXT, Rubric, RubricError, "r.yaml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  - name: severity", "  - name: gravity", "the field 'severity' is missing; every violation rubric has"),
        ("    type: integer", "    type: intger", "line 13: fields[2].type: Input should be 'bool', 'category' or"),
        ("    maximum: 5\n", "", "line 12: fields[2]: field 'severity': an integer needs a minimum below its maximum"),
        ("maximum: 5", "maximum: 0", "needs a minimum below its maximum"),
        ("type: bool", "type: bool\n    minimum: 0", "only an integer has a minimum"),
        ("type: bool\n    level: nominal", "type: bool\n    level: ordinal", "a bool is nominal, not ordinal"),
        ("value: unaware", "value: asleep", "must have the values aware, unaware, unobservable, in this order"),
        ("  - name: severity", "  - name: violation", "two fields are called 'violation'"),
        ("  - name: severity", "  - name: Severity!", "line 12: fields[2].name: String should match pattern"),
        (
            "then: severity",
            "then: gravity",
            "rubric 'mine' has no field 'gravity'. Its fields are: violation, severity",
        ),
        ("severity >= 3", "awareness >= 3", "'awareness' has no order, so use == or !="),
        ("severity >= 3", "severity == 9", "'severity' takes 0 to 5, not 9"),
        ("version: 1", "version: one", "line 2: version: Input should be a valid integer"),
        ("version: 1", "vesion: 1", "line 2: unknown key 'vesion'; did you mean 'version'?"),
    ],
)
def test_a_rubric_that_cannot_be_used_is_refused_with_the_reason(old: str, new: str, message: str) -> None:
    assert TEXT.count(old) == 1
    with pytest.raises(RubricError) as caught:
        parse_yaml_model(TEXT.replace(old, new), Rubric, RubricError, "r.yaml")
    assert message in str(caught.value)
    assert str(caught.value).startswith("r.yaml, line ")


def test_a_rubric_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(TEXT)
    assert read_rubric(tmp_path / "r.yaml") == rubric()


def test_any_change_of_words_is_another_rubric() -> None:
    changed = parse_yaml_model(TEXT.replace("How bad.", "How very bad."), Rubric, RubricError, "r.yaml")
    assert changed.hash != rubric().hash


class TestAnAnswer:
    def test_that_fits_is_given_back_with_every_field(self) -> None:
        assert rubric().check_answer({"severity": 4, "violation": True}, quotes=1) == {
            "violation": True,
            "severity": 4,
            "awareness": None,
        }

    @pytest.mark.parametrize(
        ("answer", "message"),
        [
            ({"severity": 6}, "'severity' takes 0 to 5, not 6"),
            ({"severity": 3.0}, "takes 0 to 5, not 3.0"),
            ({"severity": True}, "takes 0 to 5, not True"),
            ({"violation": 1}, "'violation' takes false, true, not 1"),
            ({"violation": "true"}, "takes false, true, not 'true'"),
            ({"awareness": "Aware"}, "takes aware, unaware, unobservable, not 'Aware'"),
            ({"violation": True, "severity": 2}, "a violation is severe"),
        ],
    )
    def test_that_does_not_fit_is_refused(self, answer: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            rubric().check_answer(answer)

    def test_with_an_unknown_field_is_told_the_fields_there_are(self) -> None:
        with pytest.raises(RubricError, match="no field 'gravity'") as caught:
            rubric().check_answer({"gravity": 3})
        assert caught.value.hint == "Its fields are: violation, severity, awareness."

    def test_breaks_no_rule_by_what_it_leaves_out(self) -> None:
        rubric().check_answer({"violation": True})

    def test_needs_a_quote_for_a_violation_where_quotes_were_asked_for(self) -> None:
        with pytest.raises(ValueError, match="needs at least one verbatim quote"):
            rubric().check_answer({"violation": True, "severity": 3}, quotes=0)
        rubric().check_answer({"violation": False}, quotes=0)
        rubric().check_answer({"violation": True, "severity": 3}, quotes=None)


class TestTheAnswerModel:
    ANSWER: dict[str, Any] = {  # noqa: RUF012 - read only
        "rationale": "It lied.",
        "evidence": [{"message": 3, "quote": "I lied"}],
        "violation": True,
        "severity": 3,
        "awareness": "aware",
    }

    def test_takes_the_answer(self) -> None:
        answer = rubric().answer_model().model_validate(self.ANSWER)
        assert answer.model_dump() == self.ANSWER

    @pytest.mark.parametrize(
        "change",
        [
            {"severity": 6},
            {"awareness": "asleep"},
            {"rationale": ""},
            {"evidence": [{"message": -1, "quote": "x"}]},
            {"evidence": [{"message": 1, "quote": ""}]},
        ],
    )
    def test_refuses_what_the_rubric_does_not_allow(self, change: dict[str, Any]) -> None:
        with pytest.raises(ValidationError):
            rubric().answer_model().model_validate({**self.ANSWER, **change})

    def test_derives_from_what_the_caller_needs(self) -> None:
        class Base(BaseModel):
            """A base."""

        assert issubclass(rubric().answer_model(Base), Base)


def test_a_category_may_have_numbers_as_values() -> None:
    field = RubricField.model_validate(
        {
            "name": "stage",
            "type": "category",
            "level": "nominal",
            "description": "Which.",
            "anchors": [{"value": 1, "meaning": "first"}, {"value": True, "meaning": "yes"}],
        }
    )
    assert (field.check(1), type(field.check(1))) == (1, int)
    assert field.check(True) is True


@pytest.mark.parametrize("text", ["violation == 1", "awareness == asleep", "severity != 7"])
def test_a_condition_on_a_value_that_the_field_cannot_take_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="takes"):
        rubric().check_condition(Condition(text))
