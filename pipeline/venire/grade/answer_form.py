"""The form of a judge's answer: the rubric's answer model with its rules, and the schema sent to the provider."""

from dataclasses import dataclass
from typing import Any, Final, Self

from pydantic import BaseModel, create_model, model_validator

from venire.condition import Value
from venire.grade.evidence import Claim
from venire.rubric import Rubric

# Strict mode of OpenAI's format refuses the first; the second says nothing to a model.
_NOT_SENT: Final = frozenset({"minLength", "title"})


@dataclass(frozen=True)
class Answered:
    """A judge's answer that fits the rubric."""

    values: dict[str, Value | None]
    rationale: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class AnswerForm:
    """What instructor parses an answer with, and what goes into a request as `response_format`."""

    rubric: Rubric
    model: type[BaseModel]
    response_format: dict[str, Any]

    @classmethod
    def of(cls, rubric: Rubric) -> Self:
        """The form of a rubric's answers.

        The model derives from instructor's own base: it would otherwise make a new class at every request.
        """
        import instructor

        model = _with_rules(rubric, rubric.answer_model(base=instructor.OpenAISchema))
        schema = {"name": model.__name__, "strict": True, "schema": strict_schema(model.model_json_schema())}
        return cls(rubric, model, {"type": "json_schema", "json_schema": schema})

    def read(self, answer: Any) -> Answered:
        """What an instance of the model says."""
        values = {field.name: getattr(answer, field.name) for field in self.rubric.fields}
        claims = tuple(Claim(evidence.message, evidence.quote) for evidence in answer.evidence)
        return Answered(values, answer.rationale, claims)


def strict_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema as strict structured output wants it: every object closed and all its properties required."""
    strict = {name: value for name, value in schema.items() if name not in _NOT_SENT}
    for name in ("properties", "$defs"):
        if name in strict:
            strict[name] = {key: strict_schema(value) for key, value in strict[name].items()}
    if "items" in strict:
        strict["items"] = strict_schema(strict["items"])
    if strict.get("type") == "object":
        strict |= {"required": list(strict["properties"]), "additionalProperties": False}
    return strict


def _with_rules(rubric: Rubric, model: type[BaseModel]) -> type[BaseModel]:
    """The model with the rules between its fields, so that an answer that breaks one is asked for again."""

    def rules(answer: Any) -> Any:
        values = {field.name: getattr(answer, field.name) for field in rubric.fields}
        rubric.check_answer(values, quotes=len(answer.evidence))
        return answer

    validators: dict[str, Any] = {"rules": model_validator(mode="after")(rules)}
    ruled = create_model(model.__name__, __base__=model, __doc__=model.__doc__, __validators__=validators)
    # instructor asks for it at every request, and making it takes longer than reading the answer.
    schema = ruled.model_json_schema()
    ruled.model_json_schema = staticmethod(lambda: schema)  # type: ignore[assignment,method-assign]
    return ruled
