"""What pages and machines send, as a whole: a schema loads into its command.

A command is a frozen dataclass of `lims.<feature>.commands`; a page and a machine that say the same
share its schema. A page's form is flat: the dots of its names are taken apart here, and
`lims.web.errors` puts them together again for a refusal.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, TypeVar, Unpack

from marshmallow import RAISE, Schema, ValidationError, fields, post_load

from schemas.fields import Options, Sentence, Text, text

K = TypeVar("K")
V = TypeVar("V")
N = TypeVar("N")
W = TypeVar("W")

NUMBER = re.compile(r"[0-9]{1,3}")
"""Of a group of a form: `items.999.serial` is the last."""

DEEPEST = 4
"""Objects and lists inside one another."""

DEEPEST_NAME = 8
"""Dots in the name of a box that are taken apart."""

Form = Mapping[str, "str | list[str] | Form"]
"""What a page sent, its names dotted; a body of a machine has its groups already."""

Nested = dict[str, "Boxes"]
"""A form taken apart at the dots of its names."""

Boxes = str | list[str] | Nested
"""What stands at a name of a form: a box, the boxes of one name, a group."""

Filled = dict[str, "Filling"]
"""What of a group is filled in."""

Filling = str | list[str] | Nested | Filled | dict[int, Filled]
"""What a field is given to read; groups of a page go by their numbers."""


def unflatten(form: Form) -> Nested:
    """Turn `blocks.0.serials` into `{"blocks": {"0": {"serials": [...]}}}`."""
    nested: Nested = {}
    for name in form:
        *above, last = name.split(".", DEEPEST_NAME)
        at = nested
        for part in above:
            inner = at.setdefault(part, {})
            if not isinstance(inner, dict):  # a box is called as a group is: the group goes on
                inner = at[part] = {}
            at = inner
        at[last] = _boxes(form, name)
    return nested


def flatten(nested: object, above: str = "") -> Iterator[tuple[str, list[str]]]:
    """Give the boxes of a group with their dotted names: the inverse of `unflatten`."""
    if isinstance(nested, Mapping):
        for name, inner in nested.items():
            yield from flatten(inner, f"{above}.{name}" if above else name)
    elif isinstance(nested, list) and nested:
        yield above, nested


def _boxes(form: Form, name: str) -> Boxes:
    value = form[name]
    if isinstance(value, Mapping):
        return unflatten(value)
    if isinstance(value, list):
        return value
    boxes_of: Callable[[str], list[str]] | None = getattr(form, "getlist", None)
    return boxes_of(name) if boxes_of else [value]


class Body(Schema):
    """What a page or a machine sends; it loads into its command, where it has one.

    A field we do not know is refused, so that nothing is lost unseen.
    """

    class Meta:
        """Refuse what is unknown."""

        unknown = RAISE

    error_messages = {
        "unknown": Sentence("There is no such field."),
        "type": Sentence("Send a JSON object here."),
    }
    command: ClassVar[type | None] = None

    @post_load
    def _build(self, values: Any, **_: object) -> object:
        return self.command(**values) if self.command else values


def read_form(body: Body, form: Form) -> Any:
    """Load what a page sent: blanks count as not filled in, and the buttons are left alone."""
    return body.load(_filled(body, unflatten(form)))


def _filled(schema: Schema, nested: Nested) -> Filled:
    """Keep what is filled in, each as its field reads it."""
    filled: Filled = {}
    for name, field in schema.fields.items():
        key = field.data_key or name
        value = _group(field, _at(nested, key))
        if value is not None:
            filled[key] = value
    return filled


def _group(field: fields.Field[Any], value: Boxes | None) -> Filling | None:
    """Return what a field reads of its boxes: those of a row, of a group inside, or its own."""
    if isinstance(field, Rows):
        return {number: _filled(field.row, row) for number, row in field.begun_in(value).items()}
    if isinstance(field, Inner) and isinstance(value, dict):
        return _filled(field.schema, value)
    return _box(field, value)


def _at(nested: Nested, key: str) -> Boxes | None:
    """Find a box by its dotted name."""
    head, _, rest = key.partition(".")
    inner = nested.get(head)
    return _at(inner, rest) if rest and isinstance(inner, Mapping) else inner if not rest else None


def _box(field: fields.Field[Any], value: Boxes | None) -> Filling | None:
    """Return what stands in a field's boxes: groups, all boxes of the name, or the last."""
    if isinstance(value, Mapping):
        return _last_of_each(value) if isinstance(field, Pairs) else value
    if not isinstance(value, list):
        return value
    filled = [box for box in value if box.strip()]
    if not filled:
        return None
    return filled if isinstance(field, fields.List) else filled[-1]


def is_filled(value: Boxes | None) -> bool:
    """Tell whether something stands in one of the boxes of a name."""
    return bool(_box(fields.Raw(), value))


def numbered(groups: Boxes | None) -> dict[int, Nested]:
    """Return the groups of one name by their numbers, in order."""
    if not isinstance(groups, Mapping):
        return {}
    numbers = {
        int(name): group
        for name, group in groups.items()
        if NUMBER.fullmatch(name) and isinstance(group, Mapping)
    }
    return {number: numbers[number] for number in sorted(numbers)}


def _last_of_each(boxes: Nested) -> Filled:
    """Keep the boxes that are filled in, by the ends of their names."""
    last = {name: _box(fields.Raw(), value) for name, value in boxes.items()}
    return {name: value for name, value in last.items() if value is not None}


class Rows(fields.Field[Mapping[int, Any]]):
    """The groups of a form, such as `blocks.0.serials`, by their number on the page.

    A group in which none of the `begun` boxes is filled is left out: its row was never used.
    """

    def __init__(self, row: type[Schema], begun: tuple[str, ...]) -> None:
        super().__init__(load_default=dict)
        self.row, self.begun = row(), begun

    def _deserialize(
        self, value: Any, attr: str | None, data: object, **_: object
    ) -> dict[int, object]:
        del attr, data
        return _each(value, lambda number, row: (number, self.row.load(row)))

    def begun_in(self, groups: Boxes | None) -> dict[int, Nested]:
        """Return the groups of a form in which something is filled in."""
        return {
            number: group
            for number, group in numbered(groups).items()
            if any(is_filled(group.get(name)) for name in self.begun)
        }


class Pairs(fields.Field[Mapping[Any, Any]]):
    """The boxes of a form that share the beginning of their names, by its end: `outcome.ID`."""

    default_error_messages = {"invalid": Sentence("Send a JSON object here.")}

    def __init__(
        self, key: fields.Field[Any], value: fields.Field[Any], **options: Unpack[Options]
    ) -> None:
        options.setdefault("load_default", dict)
        super().__init__(**options)
        self.key, self.value = key, value

    def _deserialize(
        self, value: Any, attr: str | None, data: object, **_: object
    ) -> dict[object, object]:
        del attr, data
        if not isinstance(value, Mapping):
            raise self.make_error("invalid")
        return _each(
            value, lambda name, box: (self.key.deserialize(name), self.value.deserialize(box))
        )


def _each(groups: Mapping[K, V], read: Callable[[K, V], tuple[N, W]]) -> dict[N, W]:
    """Read every group; a refusal stands under the name of its own."""
    done: dict[N, W] = {}
    refused: dict[str, Any] = {}
    for name, group in groups.items():
        try:
            key, value = read(name, group)
            done[key] = value
        except ValidationError as error:
            refused[str(name)] = error.messages
    if refused:
        raise ValidationError(refused)
    return done


class ReasonBody(Body):
    """Why something is done that undoes something."""

    reason = text(500, required=True)


class Inner(fields.Nested):
    """An object inside."""

    default_error_messages = {"type": Sentence("Send a JSON object here.")}


LEAF = Text(lines=True)


class TextTree(fields.Dict):
    """An object of no certain shape whose leaves are text, as they were read.

    A binary fraction is not what anybody read: it is refused.
    """

    default_error_messages = {
        "invalid": Sentence('Send readings as text, as they were read: "27.50".'),
    }

    def _deserialize(self, value: Any, attr: str | None, data: object, **_: object) -> Any:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        return self._as_text(value, 0)

    def _as_text(self, value: object, depth: int) -> Any:
        if isinstance(value, str):
            return LEAF.deserialize(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, dict) and depth < DEEPEST:
            return {
                LEAF.deserialize(name): self._as_text(part, depth + 1)
                for name, part in value.items()
            }
        if isinstance(value, list) and depth < DEEPEST:
            return [self._as_text(part, depth + 1) for part in value]
        raise self.make_error("invalid")
