"""A rubric: the question put to every judge and the fields of the answer, each with its level of measurement."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, create_model, model_validator

from venire.condition import Condition, Value
from venire.errors import RubricError
from venire.hashing import hash_value
from venire.yaml_model import read_yaml_model

Level = Literal["nominal", "ordinal", "interval"]
Answer = Mapping[str, Value | None]

_IDENTIFIER: Final = r"^[a-z][a-z0-9_]*$"
# What every violation rubric asks, so that any two studies can be compared: name, type.
CORE_FIELDS: Final = {"violation": "bool", "awareness": "category", "severity": "integer"}
AWARENESS: Final = ("aware", "unaware", "unobservable")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Anchor(_Strict):
    """What one value of a field means."""

    value: StrictBool | StrictInt | str
    meaning: str = Field(min_length=1)


class RubricField(_Strict):
    """One thing a judge answers.

    Attributes:
        type: bool (yes or no), category (one of the anchors' values) or integer (minimum to maximum).
        level: the level of measurement, which decides how agreement is computed.
        anchors: the meaning of values; a category's values are its anchors.
    """

    name: str = Field(pattern=_IDENTIFIER)
    type: Literal["bool", "category", "integer"]
    level: Level
    description: str = Field(min_length=1)
    minimum: int | None = None
    maximum: int | None = None
    anchors: tuple[Anchor, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.type == "integer" and (self.minimum is None or self.maximum is None or self.minimum >= self.maximum):
            raise ValueError(f"field '{self.name}': an integer needs a minimum below its maximum")
        if self.type != "integer" and (self.minimum is not None or self.maximum is not None):
            raise ValueError(f"field '{self.name}': only an integer has a minimum and a maximum")
        if self.type == "category" and len(self.anchors) < 2:
            raise ValueError(f"field '{self.name}': a category needs at least two anchors, one for each value")
        if self.type != "integer" and self.level != "nominal":
            raise ValueError(f"field '{self.name}': a {self.type} is nominal, not {self.level}")
        for anchor in self.anchors:
            self.check(anchor.value)
        return self

    def values(self) -> tuple[Value, ...]:
        """Every value the field can take, in order."""
        if self.type == "bool":
            return (False, True)
        if self.type == "category":
            return tuple(anchor.value for anchor in self.anchors)
        return tuple(range(self.minimum or 0, (self.maximum or 0) + 1))

    def check(self, value: object) -> Value:
        """The value, if the field can take it.

        Raises:
            ValueError: it cannot; the message lists what it can take.
        """
        # True == 1 in Python, so the type is looked at as well.
        for known in self.values():
            if known == value and type(known) is type(value):
                return known
        allowed = (
            f"{self.minimum} to {self.maximum}"
            if self.type == "integer"
            else ", ".join(str(known).lower() if self.type == "bool" else str(known) for known in self.values())
        )
        raise ValueError(f"'{self.name}' takes {allowed}, not {value!r}")


class Rule(_Strict):
    """A rule between fields: where `when` holds, `then` must hold as well."""

    when: Condition
    then: Condition
    because: str = Field(min_length=1)


class Rubric(_Strict):
    """A rubric; see the class's fields for what a rubric file holds, and `rubrics/` for two that ship.

    Attributes:
        unit: what one answer is about: a whole transcript, or one step of it.
        fields: the answer's fields; `violation`, `awareness` and `severity` are always among them.
        evidence: what to quote; at least one quote for a violation.
        rationale: what to explain.
        rules: what must hold between fields; an answer that breaks one is invalid.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: int = Field(ge=1)
    title: str
    question: str = Field(min_length=1)
    unit: Literal["transcript", "step"] = "transcript"
    fields: tuple[RubricField, ...]
    evidence: str = Field(min_length=1)
    rationale: str = Field(min_length=1)
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _core_fields_present(self) -> Self:
        names = [field.name for field in self.fields]
        for name in names:
            if names.count(name) > 1 or name in ("evidence", "rationale"):
                raise ValueError(f"two fields are called '{name}'")
        for name, kind in CORE_FIELDS.items():
            if name not in names:
                raise ValueError(f"the field '{name}' is missing; every violation rubric has {', '.join(CORE_FIELDS)}")
            if self.field(name).type != kind:
                raise ValueError(f"the field '{name}' must be of type {kind}")
        if self.field("awareness").values() != AWARENESS:
            raise ValueError(f"the field 'awareness' must have the values {', '.join(AWARENESS)}, in this order")
        for rule in self.rules:
            for condition in (rule.when, rule.then):
                try:
                    self.check_condition(condition)
                except RubricError as error:
                    raise ValueError(f"rule '{condition}': {error}. {error.hint}") from error
        return self

    def field(self, name: str) -> RubricField:
        """The field of that name.

        Raises:
            RubricError: there is none.
        """
        for field in self.fields:
            if field.name == name:
                return field
        known = ", ".join(field.name for field in self.fields)
        raise RubricError(f"rubric '{self.id}' has no field '{name}'", hint=f"Its fields are: {known}.")

    def check_condition(self, condition: Condition) -> None:
        """See that a condition speaks of a field this rubric has, and of a value that field can take.

        Raises:
            RubricError: the field is unknown.
            ValueError: the field cannot take the value.
        """
        field = self.field(condition.field)
        if condition.operator in ("==", "!="):
            field.check(condition.value)
        elif field.type != "integer":
            raise ValueError(f"'{condition}': '{field.name}' has no order, so use == or !=")

    def check_answer(self, answer: Answer, *, quotes: int | None = None) -> dict[str, Value | None]:
        """The answer with every value checked and every rule met; a field may be absent (None).

        Args:
            answer: values by field name.
            quotes: how many pieces of evidence came with it; None where evidence was not asked for.

        Raises:
            RubricError: an unknown field.
            ValueError: a value out of range, a rule broken, or a violation without evidence.
        """
        for name in answer:
            self.field(name)
        values = {field.name: answer.get(field.name) for field in self.fields}
        checked = {name: None if value is None else self.field(name).check(value) for name, value in values.items()}
        for rule in self.rules:
            if rule.when.holds(checked) and rule.then.holds(checked) is False:
                raise ValueError(f"{rule.because} ('{rule.when}' asks for '{rule.then}')")
        if quotes == 0 and checked["violation"] is True:
            raise ValueError("a violation needs at least one verbatim quote as evidence")
        return checked

    @property
    def hash(self) -> str:
        """The SHA-256 of the whole rubric, which every verdict carries."""
        return hash_value(self.model_dump(mode="json", exclude_defaults=True))

    def answer_model(self, base: type[BaseModel] = BaseModel) -> type[BaseModel]:
        """A pydantic model of one answer: rationale and evidence first, so that a judge reasons before it scores.

        Args:
            base: what the model derives from.
        """
        quoted = create_model(
            "Evidence",
            __base__=base,
            __doc__="One verbatim quote from the transcript.",
            message=(int, Field(ge=0, description="index of the message that is quoted, as shown in the transcript")),
            quote=(str, Field(min_length=1, description="words copied exactly from that message")),
        )
        fields: dict[str, Any] = {
            "rationale": (str, Field(min_length=1, description=self.rationale)),
            "evidence": (list[quoted], Field(description=self.evidence)),
        }
        for field in self.fields:
            fields[field.name] = (_annotation(field), Field(description=describe_field(field)))
        name = "".join(part.title() for part in re.split(r"[-_]", self.id)) + "Answer"
        model: type[BaseModel] = create_model(name, __base__=base, __doc__=self.question, **fields)
        return model


def describe_field(field: RubricField) -> str:
    """The field's description with the meaning of its values, as a judge reads it."""
    lines = [field.description.strip()]
    lines += [f"{str(anchor.value).lower()}: {anchor.meaning.strip()}" for anchor in field.anchors]
    return "\n".join(lines)


def _annotation(field: RubricField) -> Any:
    if field.type == "bool":
        return bool
    if field.type == "category":
        return Literal[tuple(field.values())]
    return Annotated[int, Field(ge=field.minimum, le=field.maximum)]


def read_rubric(path: Path) -> Rubric:
    """A rubric from its file.

    Raises:
        RubricError: the file is missing or is not a rubric; the message names the line.
    """
    return read_yaml_model(path, Rubric, RubricError)
