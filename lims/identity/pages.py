"""Signing in and out, and the administrator's pages about people."""

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Flask, current_app, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from lims.identity import service
from lims.identity.commands import (
    AddUser,
    ChangeUser,
    GrantCompetence,
    MakeToken,
    SetPassword,
    SignIn,
)
from lims.identity.loader import name_of
from lims.identity.models import Competence, Token, User
from lims.kernel import clock
from lims.kernel.db import fetch, reading, transaction
from lims.kernel.errors import Forbidden
from lims.vocabulary import Act, Discipline, Field, Role
from lims.web import kept, page_extensions
from lims.web.access import READERS, actor, allow, person, public, remember, signed_in
from lims.web.choices import Options, options
from lims.web.commands import command, query
from lims.web.page_extensions import MenuEntry
from lims.web.requests import local, see
from schemas.forms import read_form
from schemas.identity import (
    CompetenceForm,
    LoginForm,
    PasswordForm,
    RolesForm,
    TokenForm,
    UserForm,
)

pages = Blueprint("identity", __name__)


def install(app: Flask) -> None:
    """Put the pages and their place in the menu on the application."""
    app.register_blueprint(pages)
    app.jinja_env.globals.update(name_of=name_of)
    admin_only = frozenset({Role.ADMIN})
    page_extensions.registry(app).menu.extend(
        (
            MenuEntry("Administration", "Overview", "identity.admin", "settings", admin_only),
            MenuEntry("Administration", "People", "identity.people", "users", frozenset(READERS)),
        )
    )


@pages.get("/login")
@public
def login() -> ResponseReturnValue:
    """Ask who it is."""
    if person() is not None:
        return redirect(local(request.args.get("next")))
    logins = current_app.config["DEMO_LOGINS"]
    asked = request.form.get("next") or request.args.get("next")
    return render_template("login.html", next=local(asked), logins=logins)


@pages.post("/login")
@public
def sign_in() -> ResponseReturnValue:
    """Begin a session; the password is verified outside any transaction that writes."""
    form: SignIn = read_form(LoginForm(), request.form)
    address = request.remote_addr or ""
    with reading() as looking:
        service.require_patience(looking, form.name, address)
        user = service.recognise(looking, form.name, form.password)
    with transaction() as writing:
        if user is None:
            service.count_failure(writing, form.name, address)
        else:
            service.forgive(writing, user.login)
    if user is None:
        raise _unknown()
    remember(user.id, user.epoch)
    typed = kept.current()
    if typed is not None and typed.belongs_to(user.id):
        return render_template("kept.html", kept=typed)
    return redirect(local(form.next), 303)


def _unknown() -> Exception:
    return WrongPassword("The login or the password is not right.", field="password")


class WrongPassword(Forbidden):
    """Not a matter of roles: the page comes back to be tried again."""

    code = "wrong-password"


@pages.post("/logout")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    session.clear()
    return redirect("/login", 303)


@pages.get("/admin")
@allow(Role.ADMIN)
def admin() -> ResponseReturnValue:
    """Show what an administrator looks after."""
    return render_template("identity/admin.html")


@pages.get("/admin/people")
@allow(*READERS)
@query
def people(session: Session) -> ResponseReturnValue:
    """Show everybody and what they may do."""
    held = session.scalars(select(Competence).order_by(Competence.valid_to.desc())).all()
    today = clock.today()
    by_user: dict[UUID, list[Competence]] = defaultdict(list)
    for competence in held:
        by_user[competence.user_id].append(competence)
    return render_template(
        "identity/people.html",
        users=service.listed(session),
        competences=by_user,
        soon=today + timedelta(days=30),
        may=actor().has(Role.ADMIN),
    )


@pages.get("/admin/people/new")
@allow(Role.ADMIN)
def new() -> ResponseReturnValue:
    """Ask about a new person."""
    return render_template("identity/new.html", **_lists())


@pages.post("/admin/people/new")
@allow(Role.ADMIN)
@command(UserForm)
def add(session: Session, command: AddUser) -> ResponseReturnValue:
    """Give a person a login."""
    user = service.add_user(session, command, by=actor().name)
    return see("identity.show", say="The person can sign in now.", user_id=user.id)


@pages.get("/admin/people/<uuid:user_id>")
@allow(Role.ADMIN)
@query
def show(session: Session, user_id: UUID) -> ResponseReturnValue:
    """Show one person."""
    user = fetch(session, User, user_id)
    his = select(Competence).where(Competence.user_id == user_id)
    held = session.scalars(his.order_by(Competence.valid_to.desc())).all()
    tokens = session.scalars(select(Token).where(Token.user_id == user_id)).all()
    return render_template(
        "identity/show.html", user=user, competences=held, tokens=tokens, **_lists()
    )


def _epoch(session: Session, user_id: UUID) -> int:
    return fetch(session, User, user_id, hold=True).epoch


@pages.post("/admin/people/<uuid:user_id>")
@allow(Role.ADMIN)
@command(RolesForm, edits=_epoch)
def change(session: Session, command: ChangeUser, user_id: UUID) -> ResponseReturnValue:
    """Change a person's name, title or roles."""
    service.change_user(session, user_id, command, by=actor().name)
    return see("identity.show", say="Saved.", user_id=user_id)


@pages.get("/admin/people/<uuid:user_id>/password")
@allow(Role.ADMIN)
@query
def password(session: Session, user_id: UUID) -> ResponseReturnValue:
    """Ask for another password."""
    return render_template("identity/password.html", user=fetch(session, User, user_id))


@pages.post("/admin/people/<uuid:user_id>/password")
@allow(Role.ADMIN)
@command(PasswordForm)
def set_password(session: Session, command: SetPassword, user_id: UUID) -> ResponseReturnValue:
    """Set another password."""
    service.set_password(session, user_id, password=command.password, by=actor().name)
    return see("identity.show", say="The new password holds from now on.", user_id=user_id)


@pages.post("/admin/people/<uuid:user_id>/disable")
@allow(Role.ADMIN)
@command()
def disable(session: Session, user_id: UUID) -> ResponseReturnValue:
    """End a person's access."""
    service.disable(session, user_id, by=actor().name)
    return see("identity.people", say="The person can no longer sign in.")


@pages.get("/admin/people/<uuid:user_id>/token")
@allow(Role.ADMIN)
@query
def token(session: Session, user_id: UUID) -> ResponseReturnValue:
    """Ask what a machine's key is for."""
    return render_template("identity/token.html", user=fetch(session, User, user_id), key=None)


@pages.post("/admin/people/<uuid:user_id>/token")
@allow(Role.ADMIN)
def make_token(user_id: UUID) -> ResponseReturnValue:
    """Make a machine's key and show it once.

    Not a command: a command keeps its answer for thirty days, and the key with it.
    """
    form: MakeToken = read_form(TokenForm(), request.form)
    with transaction() as writing:
        key = service.make_token(writing, user_id, label=form.label, by=actor().name)
        user = fetch(writing, User, user_id)
    return render_template("identity/token.html", user=user, key=key)


@pages.post("/admin/tokens/<uuid:token_id>/revoke")
@allow(Role.ADMIN)
@command()
def revoke_token(session: Session, token_id: UUID) -> ResponseReturnValue:
    """Make a machine's key stop working."""
    user_id = service.revoke_token(session, token_id, by=actor().name)
    return see("identity.show", say="The key works no more.", user_id=user_id)


@pages.get("/admin/competences/new")
@allow(Role.ADMIN)
@query
def new_competence(session: Session) -> ResponseReturnValue:
    """Ask about an authorisation."""
    people = [(user.id, user.full_name) for user in service.listed(session) if user.active]
    return render_template("identity/competence.html", people=people, **_lists())


@pages.post("/admin/competences/new")
@allow(Role.ADMIN)
@command(CompetenceForm)
def grant(session: Session, command: GrantCompetence) -> ResponseReturnValue:
    """Enter a card, a title or a delegation."""
    competence = service.grant(session, command, by=actor().name)
    return see("identity.show", say="Saved.", user_id=competence.user_id)


def _lists() -> dict[str, Options]:
    lists = {"roles": Role, "acts": Act, "disciplines": Discipline, "fields": Field}
    return {name: options(words) for name, words in lists.items()}
