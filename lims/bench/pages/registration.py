"""What the bench puts on the application: pages, menu, cards of the home page, sections."""

from flask import Flask

from lims.bench import page_extensions
from lims.bench.pages import measurements, results
from lims.bench.pages.worklist import LOOKERS, pages
from lims.bench.sheets.environment import environment_text
from lims.bench.uncertainty.budget import Distribution
from lims.vocabulary import Role
from lims.web.page_extensions import MenuEntry, registry

__all__ = ["install", "measurements", "results"]


def install(app: Flask) -> None:
    """Put the pages, the menu, the home page's cards and the item's section on the application."""
    app.register_blueprint(pages)
    app.jinja_env.filters["figure"] = page_extensions.figure
    app.jinja_env.globals.update(environment_text=environment_text, Distribution=Distribution)
    extensions = registry(app)
    extensions.menu += [
        MenuEntry("Laboratory", "Bench", "bench.worklist", "tool", frozenset(LOOKERS)),
        MenuEntry("Laboratory", "Review", "bench.review", "checklist", frozenset(results.CHECKERS)),
    ]
    extensions.home += [
        (frozenset({Role.TECHNICIAN}), page_extensions.came_back),
        (frozenset({Role.TECHNICIAN}), page_extensions.waiting_work),
        (frozenset({Role.CHECKER}), page_extensions.to_check),
    ]
    extensions.columns["items"].append(page_extensions.results_of_items)
    extensions.sections["item"].append(page_extensions.results_of)
    extensions.sections["standard"].append(page_extensions.uses_of)
