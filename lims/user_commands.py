"""The commands about people: `lims user …`."""

import click

from lims.identity import service as identity
from lims.identity.commands import AddUser
from lims.kernel import db
from lims.vocabulary import Role

BY = "cli"
ROLES = [role.value for role in Role]


@click.group()
def user() -> None:
    """Look after people and API tokens."""


@user.command("add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--full-name", default="")
@click.password_option()
def add_user(name: str, roles: tuple[str, ...], full_name: str, password: str) -> None:
    """Give a person a login."""
    with db.transaction() as session:
        added = identity.add_user(
            session,
            AddUser(
                login=name,
                full_name=full_name or name,
                password=password,
                roles=[Role(role) for role in roles],
            ),
            by=BY,
        )
    click.echo(f"{added.login} can sign in.")


@user.command("list")
def list_users() -> None:
    """List everybody."""
    with db.reading() as session:
        for user in identity.listed(session):
            state = "" if user.active else "  disabled"
            click.echo(f"{user.login:<20} {' '.join(sorted(user.roles))}{state}")


@user.command("disable")
@click.argument("name")
def disable_user(name: str) -> None:
    """End a person's access."""
    with db.transaction() as session:
        identity.disable(session, identity.by_login(session, name).id, by=BY)
    click.echo(f"{name} can no longer sign in.")


@user.command("password")
@click.argument("name")
@click.password_option()
def set_password(name: str, password: str) -> None:
    """Set a person's password."""
    with db.transaction() as session:
        person = identity.by_login(session, name)
        identity.set_password(session, person.id, password=password, by=BY)
    click.echo("The new password holds from now on.")


@user.command("token")
@click.argument("name")
@click.option("--label", default="cli", show_default=True)
def token(name: str, label: str) -> None:
    """Make a key with which a machine acts in a person's name; it is shown once."""
    with db.transaction() as session:
        person = identity.by_login(session, name)
        click.echo(identity.make_token(session, person.id, label=label, by=BY))
