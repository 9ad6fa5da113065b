"""An answer made from nothing but the JSON schema of a request: valid for any rubric, and safe."""

from typing import Any

from tests.provider.reply import Answer, Reply, Request


def answer_from_schema(request: Request) -> Reply:
    """The least that the schema allows: no evidence, the first of each choice, the smallest number, false."""
    if request.schema is None:
        return Answer("The request carried no schema.")
    return Answer(_least(request.schema, request.schema.get("$defs", {})))


def _least(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _least(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "object":
        return {name: _least(value, definitions) for name, value in schema["properties"].items()}
    least = {"array": [], "integer": schema.get("minimum", 0), "boolean": False, "string": "Made from the schema."}
    return least[schema["type"]]
