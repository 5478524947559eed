"""The API for people to read: a page made from the description that machines read."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, render_template
from flask.typing import ResponseReturnValue

from lims.web.access import EVERYONE, PUBLIC, allowed, public
from lims.web.api import PREFIX, Description

pages = Blueprint("api_docs", __name__)

METHODS = ("get", "post", "put", "patch", "delete")
Spec = Description


@dataclass(frozen=True)
class Field:
    """One field of a body, or one word of the address."""

    name: str
    kind: str
    required: bool
    note: str


@dataclass(frozen=True)
class Operation:
    """One thing a machine may ask."""

    method: str
    path: str
    summary: str
    roles: str
    words: tuple[Field, ...]
    body: tuple[Field, ...]


def install(app: Flask, spec: Spec) -> None:
    """Put the page on the application; `spec` is the whole description."""
    app.extensions["lims.api_spec"] = spec
    app.register_blueprint(pages)


@pages.get(f"{PREFIX}/docs")
@public
def show() -> ResponseReturnValue:
    """Show what machines may ask, by part."""
    spec: Spec = current_app.extensions["lims.api_spec"]
    parts: dict[str, list[Operation]] = {}
    for path, operations in spec["paths"].items():
        for method in METHODS:
            if method in operations:
                part, operation = _read(spec, path, method, operations[method])
                parts.setdefault(part, []).append(operation)
    return render_template("api_docs.html", parts=parts, prefix=PREFIX)


def _read(spec: Spec, path: str, method: str, described: Spec) -> tuple[str, Operation]:
    body = described.get("requestBody", {}).get("content", {}).get("application/json", {})
    operation = Operation(
        method=method.upper(),
        path=path,
        summary=described.get("summary", ""),
        roles=_roles(path, method),
        words=tuple(
            _word(parameter) for parameter in described.get("parameters", ()) if "name" in parameter
        ),
        body=tuple(_fields(spec, body.get("schema", {}))),
    )
    return described.get("tags", [""])[0].removesuffix("_api"), operation


def _roles(path: str, method: str) -> str:
    wanted = path.replace("{", "<").replace("}", ">")
    for rule in current_app.url_map.iter_rules():
        bare = rule.rule
        for argument in rule.arguments:
            bare = _bare(bare, argument)
        if bare == wanted and method.upper() in (rule.methods or ()):
            roles = allowed(rule.endpoint) or PUBLIC
            return "" if roles == EVERYONE else " ".join(sorted(roles))
    return ""


def _bare(rule: str, argument: str) -> str:
    before, _, after = rule.partition(f"{argument}>")
    head, _, _ = before.rpartition("<")
    return f"{head}<{argument}>{after}"


def _word(described: Spec) -> Field:
    schema = described.get("schema", {})
    return Field(described["name"], _kind(schema), described.get("required", False), _note(schema))


def _fields(spec: Spec, schema: Spec, prefix: str = "", depth: int = 3) -> Iterator[Field]:
    resolved = _resolved(spec, schema)
    inner = resolved.get("items") if resolved.get("type") == "array" else None
    if inner is not None:
        yield from _fields(spec, inner, f"{prefix}[].".replace("..", "."), depth - 1)
    for name, inner_schema in resolved.get("properties", {}).items():
        needed = name in resolved.get("required", ())
        yield Field(f"{prefix}{name}", _kind(inner_schema), needed, _note(inner_schema))
        nested = _resolved(spec, inner_schema)
        if depth and (nested.get("properties") or nested.get("type") == "array"):
            below = f"{prefix}{name}" + ("" if nested.get("type") == "array" else ".")
            yield from _fields(spec, nested, below, depth - 1)


def _resolved(spec: Spec, schema: Spec) -> Spec:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    resolved: Spec = spec["components"]["schemas"].get(name, schema)
    return resolved


def _kind(schema: Spec) -> str:
    if "$ref" in schema:
        return "object"
    kind = schema.get("type", "string" if "enum" in schema else "any")
    names = (
        "/".join(name for name in kind if name != "null") if isinstance(kind, list) else str(kind)
    )
    return f"{names} ({schema['format']})" if "format" in schema else names


def _note(schema: Spec) -> str:
    limits = [
        f"{word} {schema[key]}"
        for key, word in (
            ("minLength", "≥"),
            ("maxLength", "≤"),
            ("minimum", "≥"),
            ("maximum", "≤"),
        )
        if key in schema
    ]
    choices = (
        [" | ".join(str(value) for value in schema["enum"] if value is not None)]
        if "enum" in schema
        else []
    )
    described = [schema["description"]] if "description" in schema else []
    return "; ".join([*limits, *choices, *described])
