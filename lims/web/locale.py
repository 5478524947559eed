"""In which language the asker reads: Vietnamese first."""

from flask import g, has_request_context, request

from lims.kernel.words import LOCALES
from lims.web.access import person

COOKIE = "lang"


def locale() -> str:
    """Return "vi" or "en": what was chosen, else what the person has, else Vietnamese."""
    if not has_request_context():
        return LOCALES[0]
    if "locale" not in g:
        g.locale = _found()
    chosen: str = g.locale
    return chosen


def _found() -> str:
    chosen = request.cookies.get(COOKIE)
    if chosen in LOCALES:
        return str(chosen)
    if request.path.startswith("/api/"):
        return request.accept_languages.best_match(LOCALES) or LOCALES[0]
    who = person()
    return who.locale if who is not None and who.locale in LOCALES else LOCALES[0]


def local_name(name_vi: str, name_en: str) -> str:
    """Return the name in the asker's language; what has none in English keeps its own."""
    return name_vi if locale() == "vi" else name_en or name_vi
