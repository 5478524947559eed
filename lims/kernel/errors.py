"""The ways the centre says no: a sentence to be translated, its values, the field concerned."""

from collections.abc import Mapping
from typing import ClassVar


class LabError(Exception):
    """A refusal that the person at the counter can read and act on.

    `message` is the English sentence and the key of its translation; `values` fill its
    `%(name)s`; `field` names the field of the form it is about, when there is one.
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: str, *, field: str | None = None, **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.field = field
        self.values = values


class NotFound(LabError):  # noqa: N818 - a noun reads better where it is raised
    """There is no such thing."""

    code = "not-found"


class WrongState(LabError):  # noqa: N818
    """The thing exists, but what was asked does not follow from where it stands."""

    code = "wrong-state"


class Forbidden(LabError):  # noqa: N818
    """The person who asks may not do it."""

    code = "forbidden"


class RuleBroken(LabError):  # noqa: N818
    """What was typed breaks a rule of the centre or of the law."""

    code = "rule-broken"


class Refusals(LabError):  # noqa: N818
    """Several rows of one batch were refused; nothing of it was written.

    `rows` are refusals by the place of the row in the batch, from 0; the refusal knows its field.
    `batch` is what the sender calls the batch (`items`); the edge makes addresses of the three.
    """

    code = "rows-refused"

    def __init__(self, rows: Mapping[int, LabError], *, batch: str = "items") -> None:
        super().__init__("%(count)s rows need another look; nothing was saved.", count=len(rows))
        self.rows = rows
        self.batch = batch


class FieldRefusals(LabError):  # noqa: N818
    """Several fields of one form were refused, each by its address on the page."""

    code = "rows-refused"

    def __init__(self, fields: Mapping[str, LabError]) -> None:
        super().__init__("%(count)s rows need another look; nothing was saved.", count=len(fields))
        self.fields = fields
