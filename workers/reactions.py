"""Every reaction and every projection, by import."""

from lims import features
from lims.billing.contract_money.projection import MONEY
from lims.eventlog import projections
from lims.eventlog.events import REGISTRY
from lims.eventlog.projections import Projection
from lims.tallies.fold import COUNTS
from workers import billing, certificates, customers, documents, seals

__all__ = ["PROJECTIONS", "billing", "certificates", "customers", "documents", "features", "seals"]

PROJECTIONS: tuple[Projection, ...] = (COUNTS, MONEY)

projections.require_counted(PROJECTIONS, REGISTRY.values())
