"""The catalogue as pages and machines write it."""

from typing import ClassVar

from marshmallow import Schema, fields, validate

from lims.catalogue.commands import (
    AddMethod,
    AddType,
    CorrectMethod,
    CorrectType,
    SetCycle,
)
from lims.vocabulary import Discipline, Field
from schemas.fields import (
    Id,
    Sentence,
    choice,
    day,
    id_,
    text,
    whole,
    yes,
)
from schemas.forms import Body
from schemas.paging import page_of

SLUG = validate.Regexp(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z",
    error=Sentence("Write small letters, digits and hyphens, for example can-ban-500kg."),
)


def slug() -> fields.Field[str]:
    """Make a field for a code that is for ever."""
    return text(60, required=True, validate_with=[validate.Length(1, 60), SLUG])


class TypeWords(Schema):
    """What may be said again of an instrument type."""

    name_vi = text(200, required=True)
    name_en = text(200, required=True)
    field = choice(Field, required=True)
    law_row = whole(1, 999, load_default=None, allow_none=True)
    counting_units = whole(1, 1000, load_default=1)
    note = text(500)


class TypeForm(TypeWords, Body):
    """What may be said again of an instrument type; what is not ticked is no."""

    command: ClassVar[type] = CorrectType

    type_approval = yes()
    initial = yes()
    periodic = yes()
    after_repair = yes()
    active = yes()


class NewTypeForm(TypeForm):
    """A new instrument type; it is in use at once."""

    command: ClassVar[type] = AddType

    code = slug()
    active = yes(load_default=True)


class TypePatch(TypeWords, Body):
    """What may be said again of an instrument type; its code is for ever."""

    command: ClassVar[type] = CorrectType

    type_approval = yes()
    initial = yes(load_default=True)
    periodic = yes(load_default=True)
    after_repair = yes(load_default=True)
    active = yes(load_default=True)


class TypeBody(TypePatch):
    """A new instrument type."""

    command: ClassVar[type] = AddType

    code = slug()


class CycleBody(Body):
    """A legal cycle from a day on."""

    command: ClassVar[type] = SetCycle

    months = whole(1, 240, required=True)
    valid_from = day(required=True)
    source = text(300, required=True)


class MethodPatch(Body):
    """What may be said again of a method; number and edition are for ever."""

    command: ClassVar[type] = CorrectMethod

    title = text(300, required=True)
    type_id = id_(load_default=None, allow_none=True)
    valid_to = day(load_default=None, allow_none=True)
    note = text(500)


class MethodBody(MethodPatch):
    """A new edition of a method."""

    command: ClassVar[type] = AddMethod

    code = text(60, required=True)
    edition = text(20)
    discipline = choice(Discipline, required=True)
    valid_from = day(required=True)


class CycleSchema(Schema):
    """A legal cycle as we show it."""

    months = fields.Integer()
    valid_from = fields.Date()
    source = fields.String()


class CharacteristicSchema(Schema):
    """A metrological characteristic that instruments of a type have."""

    code = fields.String()
    name_vi = fields.String()
    name_en = fields.String()
    unit = fields.String(metadata={"description": "empty where the value is a word or a number"})


class TypeSchema(Schema):
    """An instrument type as we show it; `cycle` is the one in force today."""

    id = Id()
    code = fields.String()
    name_vi = fields.String()
    name_en = fields.String()
    field = fields.Enum(Field, by_value=True)
    law_row = fields.Integer(allow_none=True)
    type_approval = fields.Boolean()
    initial = fields.Boolean()
    periodic = fields.Boolean()
    after_repair = fields.Boolean()
    active = fields.Boolean()
    counting_units = fields.Integer()
    characteristics = fields.List(fields.Nested(CharacteristicSchema))
    note = fields.String()
    cycle = fields.Nested(CycleSchema, allow_none=True)
    revision = fields.Integer()


class MethodSchema(Schema):
    """A method as we show it."""

    id = Id()
    code = fields.String()
    edition = fields.String()
    cited = fields.String()
    title = fields.String()
    discipline = fields.Enum(Discipline, by_value=True)
    type_id = Id(allow_none=True)
    valid_from = fields.Date()
    valid_to = fields.Date(allow_none=True)
    note = fields.String()
    revision = fields.Integer()


TypePage = page_of(TypeSchema, "TypePage")


MethodPage = page_of(MethodSchema, "MethodPage")
