"""Every table, in one place for those who need them all: migrations, and the tests."""

from lims.autonomy import models as autonomy
from lims.bench import models as bench
from lims.billing import models as billing
from lims.catalogue import models as catalogue
from lims.certificates import models as certificates
from lims.contracts import models as contracts
from lims.customers import models as customers
from lims.equipment import models as equipment
from lims.identity import models as identity
from lims.indicators import models as indicators
from lims.kernel import (
    answers,
    areas,
    log,
    numbering,
    parameters,
    projections,
    schedule,
    seal,
    shelf,
)
from lims.kernel.db import Base
from lims.marks import models as marks
from lims.reception import models as reception
from lims.tallies import models as tallies

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "answers",
    "areas",
    "autonomy",
    "bench",
    "billing",
    "catalogue",
    "certificates",
    "contracts",
    "customers",
    "equipment",
    "identity",
    "indicators",
    "log",
    "marks",
    "numbering",
    "parameters",
    "projections",
    "reception",
    "schedule",
    "seal",
    "shelf",
    "tallies",
]
