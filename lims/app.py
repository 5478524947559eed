"""Assemble the web application: settings, database, access, errors, features."""

from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lims import deployment
from lims.autonomy import api as autonomy_api
from lims.autonomy import pages as autonomy
from lims.bench import api as bench_api
from lims.bench.pages import registration as bench
from lims.billing import api as billing_api
from lims.billing.pages import invoices as billing
from lims.catalogue import api as catalogue_api
from lims.catalogue.pages import types as catalogue
from lims.certificates import api as certificates_api
from lims.certificates import pages as certificates
from lims.config import Settings
from lims.contracts import api as contracts_api
from lims.contracts import pages as contracts
from lims.customers import api as customers_api
from lims.customers import pages as customers
from lims.equipment import api as equipment_api
from lims.equipment import pages as equipment
from lims.identity import pages as identity
from lims.identity.loader import People
from lims.indicators import pages as indicators
from lims.marks import pages as marks
from lims.reception import api as reception_api
from lims.reception import pages as reception
from lims.reminders import pages as reminders
from lims.tallies import api as tallies_api
from lims.tallies import pages as tallies
from lims.web import (
    access,
    admin,
    api,
    api_docs,
    documents,
    errors,
    feed,
    holidays,
    page_extensions,
    pages,
)
from lims.web import help as manual
from lims.web.requests import Request

FEATURES = (
    identity,
    admin,
    holidays,
    catalogue,
    equipment,
    marks,
    customers,
    contracts,
    reception,
    bench,
    certificates,
    billing,
    autonomy,
    reminders,
    tallies,
    indicators,
)
"""Each puts its pages, its place in the menu and its panels on the application."""

APIS = (
    feed.api,
    catalogue_api.api,
    equipment_api.api,
    customers_api.api,
    contracts_api.api,
    reception_api.api,
    bench_api.api,
    certificates_api.api,
    billing_api.api,
    autonomy_api.api,
    tallies_api.api,
)
"""Each feature's part of the API."""

MENU = (
    *("reception.new", "counter.walk_in", "reception.orders", "reception.items"),
    *("customers.customers", "instruments.instruments", "reminders.due", "contracts.contracts"),
    *("tariff.services", "bench.worklist", "bench.review", "reminders.late", "equipment.list"),
    *("marks.books", "catalogue.types", "certificates.waiting", "certificates.listed"),
    *("billing.to_invoice", "billing.invoices", "billing.receivables", "cash.payments"),
    *("cash.money", "autonomy.year", "autonomy.expenses", "tallies.month", "indicators.listed"),
    *("identity.admin", "identity.people", "admin.values", "holidays.year"),
    "admin.owed",
)
"""The menu in the order of the work."""

LARGEST = 20 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its settings."""
    settings = settings or Settings.from_env()
    app = Flask(__name__)
    app.request_class = Request
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
    deployment.begin(settings)
    access.install(app, People())
    errors.install(app)
    pages.install(app)
    documents.install(app)
    manual.install(app)
    for feature in FEATURES:
        feature.install(app)
    page_extensions.arrange(app, MENU)
    feed.install(app)
    api_docs.install(app, api.install(app, *APIS))
    return app
