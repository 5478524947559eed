"""The tariff as pages and machines write it: services and their dated prices."""

from typing import ClassVar

from marshmallow import Schema, fields

from lims.catalogue.commands import AddService, CorrectService, SetPrice
from lims.vocabulary import Discipline, Field
from schemas.catalogue import slug
from schemas.fields import Exact, Id, choice, day, dong, id_, percent, rate, text, yes
from schemas.forms import Body
from schemas.paging import page_of


class ServiceWords(Schema):
    """What may be said again of a line of the tariff."""

    name_vi = text(300, required=True)
    name_en = text(300, required=True)
    field = choice(Field, required=True)
    unit = text(60, required=True)
    type_id = id_(load_default=None, allow_none=True)
    method_id = id_(load_default=None, allow_none=True)


class ServiceForm(ServiceWords, Body):
    """What may be said again of a line of the tariff; what is not ticked is no."""

    command: ClassVar[type] = CorrectService

    active = yes()


class NewServiceForm(ServiceWords, Body):
    """A new line of the tariff; it is in use at once."""

    command: ClassVar[type] = AddService

    code = slug()
    discipline = choice(Discipline, required=True)


class ServicePatch(ServiceWords, Body):
    """What may be said again of a service; its code and discipline are for ever."""

    command: ClassVar[type] = CorrectService

    active = yes(load_default=True)


class ServiceBody(ServicePatch):
    """A new line of the tariff; its price is sent to `/services/{id}/prices`."""

    command: ClassVar[type] = AddService

    code = slug()
    discipline = choice(Discipline, required=True)


class PriceForm(Body):
    """A price from a day on; `percent` is the VAT rate as people say it."""

    command: ClassVar[type] = SetPrice

    amount = dong(required=True)
    vat_rate = percent("Write a VAT rate from 0 to 100.", required=True, data_key="percent")
    charged_on_fail = yes()
    valid_from = day(required=True)
    source = text(300, required=True)


class PriceBody(Body):
    """A price from a day on."""

    command: ClassVar[type] = SetPrice

    amount = dong(required=True)
    vat_rate = rate(required=True)
    charged_on_fail = yes(load_default=True)
    valid_from = day(required=True)
    source = text(300, required=True)


class PriceSchema(Schema):
    """A price as we show it: net, and gross as it is paid."""

    amount = fields.Integer()
    vat_rate = Exact()
    gross = fields.Integer()
    charged_on_fail = fields.Boolean()
    valid_from = fields.Date()
    source = fields.String()


class TestedSchema(Schema):
    """A characteristic tested for a service, with its limit."""

    code = fields.String()
    name_vi = fields.String()
    name_en = fields.String()
    unit = fields.String()
    method = fields.String()
    minimum = Exact(allow_none=True)
    maximum = Exact(allow_none=True)
    limit_source = fields.String()


class ServiceSchema(Schema):
    """A line of the tariff as we show it; `price` is the one in force today."""

    id = Id()
    code = fields.String()
    name_vi = fields.String()
    name_en = fields.String()
    discipline = fields.Enum(Discipline, by_value=True)
    field = fields.Enum(Field, by_value=True)
    unit = fields.String()
    type_id = Id(allow_none=True)
    method_id = Id(allow_none=True)
    active = fields.Boolean()
    price = fields.Nested(PriceSchema, allow_none=True)
    revision = fields.Integer()


class ServiceDetailsSchema(ServiceSchema):
    """One service with what is tested for it."""

    parameters = fields.List(fields.Nested(TestedSchema))


ServicePage = page_of(ServiceSchema, "ServicePage")
