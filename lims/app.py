"""Assemble the web application: settings, database, access, errors, features."""

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lims.config import Settings
from lims.identity import routes as identity
from lims.identity.loader import People
from lims.kernel import db
from lims.web import access, errors, pages
from lims.web import help as manual

FEATURES = (identity,)
"""Each puts its pages, its place in the menu and its panels on the application."""

LARGEST = 20 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its settings."""
    settings = settings or Settings.from_env()
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SETTINGS=settings,
        DEMO_LOGINS=(),
        MAX_CONTENT_LENGTH=LARGEST,
        MAX_FORM_MEMORY_SIZE=LARGEST,
        MAX_FORM_PARTS=50_000,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    db.connect(settings.database_url)
    access.install(app, People())
    errors.install(app)
    pages.install(app)
    manual.install(app)
    for feature in FEATURES:
        feature.install(app)
    return app
