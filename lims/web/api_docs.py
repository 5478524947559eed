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


def _read(spec: Spec, path: str, method: str, said: Spec) -> tuple[str, Operation]:
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    operation = Operation(
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        roles=_roles(path, method),
        words=tuple(_word(one) for one in said.get("parameters", ()) if "name" in one),
        body=tuple(_fields(spec, body.get("schema", {}))),
    )
    return said.get("tags", [""])[0].removesuffix("_api"), operation


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


def _word(said: Spec) -> Field:
    schema = said.get("schema", {})
    return Field(said["name"], _kind(schema), said.get("required", False), _note(schema))


def _fields(spec: Spec, schema: Spec, prefix: str = "", depth: int = 3) -> Iterator[Field]:
    whole = _resolved(spec, schema)
    inner = whole.get("items") if whole.get("type") == "array" else None
    if inner is not None:
        yield from _fields(spec, inner, f"{prefix}[].".replace("..", "."), depth - 1)
    for name, one in whole.get("properties", {}).items():
        needed = name in whole.get("required", ())
        yield Field(f"{prefix}{name}", _kind(one), needed, _note(one))
        nested = _resolved(spec, one)
        if depth and (nested.get("properties") or nested.get("type") == "array"):
            below = f"{prefix}{name}" + ("" if nested.get("type") == "array" else ".")
            yield from _fields(spec, nested, below, depth - 1)


def _resolved(spec: Spec, schema: Spec) -> Spec:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    found: Spec = spec["components"]["schemas"].get(name, schema)
    return found


def _kind(schema: Spec) -> str:
    if "$ref" in schema:
        return "object"
    kind = schema.get("type", "string" if "enum" in schema else "any")
    said = "/".join(one for one in kind if one != "null") if isinstance(kind, list) else str(kind)
    return f"{said} ({schema['format']})" if "format" in schema else said


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
        [" | ".join(str(one) for one in schema["enum"] if one is not None)]
        if "enum" in schema
        else []
    )
    described = [schema["description"]] if "description" in schema else []
    return "; ".join([*limits, *choices, *described])
