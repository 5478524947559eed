"""Who is asking, and whether they may: one mechanism for every route.

A route says its roles with `allow`; one that says nothing is refused to everyone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden as CrossSite

from lims.kernel.errors import Forbidden
from lims.vocabulary import Role
from lims.web import kept

V = TypeVar("V", bound=Callable[..., object])

SAFE = {"GET", "HEAD", "OPTIONS"}
EVERYONE = frozenset(Role)
PUBLIC: frozenset[Role] = frozenset()
READERS = (Role.QUALITY, Role.INSPECTOR, Role.DIRECTOR, Role.ADMIN)
"""Who may look at everything that is not personal."""


COUNTING = (Role.DIRECTOR, Role.ACCOUNTANT, Role.QUALITY, Role.INSPECTOR, Role.ADMIN)
"""Who may look at the numbers and the money."""


@dataclass(frozen=True)
class Person:
    """The person, or the machine in a person's name, who is asking."""

    id: UUID
    name: str
    full_name: str
    roles: frozenset[Role]
    locale: str
    title: str = ""
    by_token: bool = False

    def has(self, *roles: Role) -> bool:
        """Tell whether the person has one of the roles."""
        return not self.roles.isdisjoint(roles)


class Loader(Protocol):
    """What identity gives the web: people by session and by token."""

    def by_session(self, user_id: UUID, epoch: int) -> Person | None:
        """Find the person of a signed cookie."""

    def by_token(self, token: str) -> Person | None:
        """Find the person in whose name a machine asks."""


def allow(*roles: Role) -> Callable[[V], V]:
    """Let people with one of these roles in; the administrator's role opens nothing else."""

    def mark(view: V) -> V:
        view.allowed = frozenset(roles)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: V) -> V:
    """Let anybody in, signed in or not."""
    view.allowed = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: V) -> V:
    """Let everyone in who is signed in."""
    view.allowed = EVERYONE  # type: ignore[attr-defined]
    return view


def allowed(endpoint: str) -> frozenset[Role] | None:
    """Return the roles of a route; None when it does not say, so that nobody gets in."""
    roles: frozenset[Role] | None = getattr(
        current_app.view_functions.get(endpoint), "allowed", None
    )
    return roles


def who_may(endpoint: str) -> str:
    """Say in words who gets in: the roles, or one of nobody, public and signed in."""
    roles = allowed(endpoint)
    if roles is None:
        return "nobody"
    if roles == PUBLIC:
        return "public"
    return "signed in" if roles == EVERYONE else " ".join(sorted(roles))


def install(app: Flask, loader: Loader) -> None:
    """Ask at the door of every request."""
    app.extensions["lims.loader"] = loader
    app.before_request(_refuse_other_sites)
    app.before_request(_admit)
    app.after_request(_headers)


def person() -> Person | None:
    """Return who is asking; None when nobody is signed in."""
    if "person" not in g:
        g.person = _find()
    who: Person | None = g.person
    return who


def actor() -> Person:
    """Return who is asking, where nobody else gets in."""
    who = person()
    if who is None:
        raise Forbidden("Sign in first.")
    return who


def remember(person_id: UUID, epoch: int) -> None:
    """Begin a session; the cookie is signed, and dies when the person's epoch rises."""
    session.clear()
    session["user"], session["epoch"] = str(person_id), epoch
    session.permanent = True


def _find() -> Person | None:
    loader: Loader = current_app.extensions["lims.loader"]
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return loader.by_token(token.strip())
    if "user" in session:
        return loader.by_session(UUID(session["user"]), session["epoch"])
    return None


def _refuse_other_sites() -> None:
    """Refuse a post from a page of another site, by what the browser says of itself."""
    if request.method in SAFE or "Authorization" in request.headers:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    foreign = (
        site not in ("same-origin", "none")
        if site is not None
        else origin is not None and _host(origin) != request.host
    )
    if foreign:
        raise CrossSite("This request came from another site.")


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def _admit() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    roles = allowed(request.endpoint)
    if roles == PUBLIC:
        return None
    who = person()
    if who is None:
        return _ask_to_sign_in()
    if roles is None or who.roles.isdisjoint(roles):
        raise Forbidden("Your roles do not allow this: ask the administrator.")
    kept.require_sent_on_purpose()
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.path.startswith("/api/"):
        raise Forbidden("Sign in first.")
    if kept.current() is not None:
        return make_response(current_app.view_functions["identity.login"](), 401)
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("identity.login", next=back))


def _headers(answer: Response) -> Response:
    set_to = answer.headers.setdefault
    set_to(
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'self'",
    )
    set_to("X-Content-Type-Options", "nosniff")
    set_to("Referrer-Policy", "same-origin")
    if request.endpoint != "static":
        set_to("Cache-Control", "no-store")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        set_to("Strict-Transport-Security", "max-age=31536000")
    return answer
