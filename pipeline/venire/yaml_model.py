"""YAML that a person wrote, read into a strict pydantic model, with errors that name the line and the likely fix."""

import difflib
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from venire.errors import VenireError

Model = TypeVar("Model", bound=BaseModel)


def read_yaml_model(path: Path, model: type[Model], error: type[VenireError]) -> Model:
    """Read one YAML file into `model`.

    Raises:
        error: the file is missing, is not YAML, or does not fit the model; every misfit is named with its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise error(f"{path} does not exist") from None
    except UnicodeDecodeError as cause:
        raise error(f"{path}, byte {cause.start}: not UTF-8 text", hint="Save the file as UTF-8.") from None
    except OSError as cause:
        raise error(f"cannot read {path}: {cause.strerror}") from None
    return parse_yaml_model(text, model, error, str(path))


def parse_yaml_model(text: str, model: type[Model], error: type[VenireError], name: str) -> Model:
    """Parse YAML text into `model`; `name` stands for the text in messages.

    Raises:
        error: as in `read_yaml_model`.
    """
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.YAMLError as cause:
        raise error(f"{name}{_yaml_position(cause)}: not valid YAML: {_yaml_problem(cause)}") from None
    if not isinstance(content, dict):
        raise error(f"{name}, line 1: expected keys and values, found {_kind(content)}")
    try:
        return model.model_validate(content)
    except ValidationError as cause:
        problems = [_problem(name, root, detail, model) for detail in _told_once(cause.errors())]
        raise error("\n".join(problems)) from None


def _yaml_position(cause: yaml.YAMLError) -> str:
    mark = getattr(cause, "problem_mark", None)
    return f", line {mark.line + 1}" if mark is not None else ""


def _yaml_problem(cause: yaml.YAMLError) -> str:
    return str(getattr(cause, "problem", None) or cause)


def _kind(content: object) -> str:
    return {type(None): "nothing", list: "a list", str: "a text"}.get(type(content), "a single value")


def _told_once(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """Without what only follows from another problem: a list that is too short because its one entry is wrong."""
    places = [detail["loc"] for detail in details]
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(len(place) > len(detail["loc"]) and place[: len(detail["loc"])] == detail["loc"] for place in places)
    ]


def _problem(name: str, root: yaml.Node | None, detail: ErrorDetails, model: type[BaseModel]) -> str:
    where = _path(root, detail["loc"])
    line = _line(root, detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"{name}, line {line}: unknown key '{where}'{_suggestion(str(detail['loc'][-1]), detail['loc'], model)}"
    if detail["type"] == "missing":
        return f"{name}, line {line}: '{where}' is required"
    if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return f"{name}, line {line}: {where}: {_wrong_tag(detail)}"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{name}, line {line}: {where + ': ' if where else ''}{message}{_found(detail['input'])}"


def _wrong_tag(detail: ErrorDetails) -> str:
    """What is wrong with the key that says which of several kinds an entry is."""
    context = detail.get("ctx", {})
    key = str(context.get("discriminator", "")).strip("'")
    if detail["type"] == "union_tag_not_found":
        return f"'{key}' is required"
    tag, known = str(context.get("tag", "")), str(context.get("expected_tags", "")).replace("'", "")
    close = difflib.get_close_matches(tag, known.split(", "), n=1)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"unknown {key} '{tag}'; {hint}known: {known}"


def _found(value: object) -> str:
    shown = repr(value)
    return f" (found {shown})" if isinstance(value, str | int | float | bool) and len(shown) <= 60 else ""


def _suggestion(key: str, location: tuple[int | str, ...], model: type[BaseModel]) -> str:
    known = _known_keys(model, location[:-1])
    close = difflib.get_close_matches(key, known, n=1)
    if close:
        return f"; did you mean '{close[0]}'?"
    return f"; known keys: {', '.join(known)}" if known else ""


def _known_keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys allowed where `location` points, found by walking the model's own JSON schema."""
    schema = model.model_json_schema()
    node: dict[str, Any] = schema
    for part in location:
        node = _resolve(schema, node)
        if isinstance(part, int):
            node = node.get("items", {})
        elif part in node.get("properties", {}):
            node = node["properties"][part]
        elif part in node.get("discriminator", {}).get("mapping", {}):
            node = {"$ref": node["discriminator"]["mapping"][part]}
        elif isinstance(node.get("additionalProperties"), dict):
            node = node["additionalProperties"]
    return sorted(_resolve(schema, node).get("properties", {}))


def _resolve(schema: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    options = [option for option in node.get("anyOf", []) if option.get("type") != "null"]
    if len(options) == 1:
        node = options[0]
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return node


def _path(root: yaml.Node | None, location: tuple[int | str, ...]) -> str:
    """The location as a person would write it: entries counted from 1, tags of unions left out."""
    node, path = root, ""
    for place, part in enumerate(location):
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part] if part < len(node.value) else None
            path += f"[{part + 1}]"
            continue
        pair = None
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(part)), None)
        if pair is not None or place == len(location) - 1:
            path += f".{part}" if path else str(part)
        node = pair[1] if pair is not None else node
    return path


def _line(root: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """The line (from 1) of the deepest node that `location` reaches; a tag of a union in it is passed over."""
    node, line = root, 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(part)), None)
            if pair is not None:
                node, line = pair[1], pair[0].start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line
