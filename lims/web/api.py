"""The API for machines: OpenAPI 3.1, keyset pages, problems as RFC 9457, ETags on what changes.

Decorators stand in this order: route, allow, arguments, response, command or query.
"""

from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from apispec import BasePlugin
from flask import Flask, Response, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields

from lims.web.access import who_may
from schemas.fields import Exact, Id

T = TypeVar("T")

PREFIX = "/api/v1"
SUFFIX = "_api"
"""After the name of a feature, whose pages are the blueprint of that name."""


class Description(dict[str, Any]):
    """What OpenAPI says of the API."""


class ProblemSchema(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(metadata={"format": "uri-reference"})
    title = fields.String()
    status = fields.Integer()
    detail = fields.String(metadata={"description": "a sentence in the language asked for"})
    code = fields.String()
    instance = fields.String()
    errors = fields.List(
        fields.Dict(), metadata={"description": "one for each field: pointer, detail"}
    )


class Problems(Api):
    """The API object; refusals are answered by `lims.web.errors`, pages and API alike."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        pass


class RolesDescribed(BasePlugin):
    """Say of each operation to which part it belongs and which roles may ask it."""

    def operation_helper(
        self,
        path: str | None = None,  # noqa: ARG002 - apispec's signature
        operations: dict[str, Description] | None = None,
        **kwargs: Any,  # noqa: ANN401 - idem
    ) -> None:
        """Add to the operations of one rule."""
        who = who_may(kwargs["rule"].endpoint)
        for operation in (operations or {}).values():
            operation["tags"] = [tag.removesuffix(SUFFIX) for tag in operation["tags"]]
            operation["description"] = f"Who may ask: {who}."


class Part(Blueprint):
    """A part of the API whose schemas are made once: a class would be made anew at each request."""

    def arguments(self, schema: type[Schema] | Schema, **options: Any) -> Any:  # noqa: ANN401 - theirs
        """Read the arguments of a request with a schema."""
        return super().arguments(schema() if isinstance(schema, type) else schema, **options)


def blueprint(name: str, described: str) -> Part:
    """Make a feature's part of the API."""
    return Part(f"{name}{SUFFIX}", name, url_prefix=PREFIX, description=described)


def install(app: Flask, *parts: Blueprint) -> Description:
    """Put the API on the application; return its description."""
    app.config.update(
        API_TITLE="LIMS",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "security": [{"token": []}],
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        },
    )
    api = Problems(app, spec_kwargs={"extra_plugins": [RolesDescribed()]})
    api.register_field(Exact, "string", "decimal")
    api.register_field(Id, "string", "uuid")
    with app.app_context():
        for part in parts:
            api.register_blueprint(part)
    _rename_errors(api)
    description = Description(api.spec.to_dict())
    for tag in description["tags"]:
        tag["name"] = tag["name"].removesuffix(SUFFIX)
    return description


def _rename_errors(api: Api) -> None:
    """Say that refusals travel as problem+json; smorest would call them plain JSON."""
    for answer in api.spec.components.responses.values():
        content = answer.get("content", {})
        if "application/json" in content and "Problem" in str(content):
            content["application/problem+json"] = content.pop("application/json")


class Shown:
    """A row as the wire shows it: its own columns, and what else is told of it."""

    def __init__(self, row: object, **more: object) -> None:
        self._row = row
        self.__dict__.update(more)

    def __getattr__(self, name: str) -> object:
        """Look among the columns of the row."""
        return getattr(self._row, name)


def answer(body: Any, status: int = 200, *, etag: str | None = None) -> Response:  # noqa: ANN401
    """Answer with JSON."""
    made = make_response(jsonify(body), status)
    if etag is not None:
        made.set_etag(etag)
        made.make_conditional(request)
    return made


def page(rows: Sequence[T], schema: Schema, limit: int, *, key: str = "id") -> ResponseReturnValue:
    """Answer with one page: ask for one row more than `limit`, and the next page shows itself."""
    shown = rows[:limit]
    following: UUID | None = getattr(shown[-1], key) if len(rows) > limit else None
    return answer({"items": schema.dump(shown, many=True), "next": following})
