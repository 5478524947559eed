"""People as pages and machines write them."""

from marshmallow import validate

from lims.identity.commands import (
    AddUser,
    ChangeUser,
    GrantCompetence,
    MakeToken,
    SetPassword,
    SignIn,
)
from lims.vocabulary import Act, Discipline, Field, Role
from schemas.fields import Sentence, choice, day, id_, many, text
from schemas.forms import Body

PASSWORD = validate.Length(10, 200, error=Sentence("A password has %(min)s to %(max)s letters."))


class LoginForm(Body):
    """Who signs in."""

    command = SignIn

    name = text(60, required=True)
    password = text(200, required=True)
    next = text(500)


class UserForm(Body):
    """A new person."""

    command = AddUser

    login = text(60, required=True)
    full_name = text(100, required=True)
    title = text(100)
    password = text(200, required=True, validate_with=PASSWORD)
    roles = many(choice(Role), required=True, most=len(Role))


class RolesForm(Body):
    """Other roles, name or title."""

    command = ChangeUser

    full_name = text(100, required=True)
    title = text(100)
    roles = many(choice(Role), required=True, most=len(Role))


class PasswordForm(Body):
    """Another password."""

    command = SetPassword

    password = text(200, required=True, validate_with=PASSWORD)


class CompetenceForm(Body):
    """An authorisation."""

    command = GrantCompetence

    user_id = id_(required=True)
    act = choice(Act, required=True)
    discipline = choice(Discipline, required=True)
    field = choice(Field, load_default=None)
    basis = text(200, required=True)
    valid_from = day(required=True)
    valid_to = day(required=True)


class TokenForm(Body):
    """What a machine's key is for."""

    command = MakeToken

    label = text(100, required=True)
