"""Every reaction and every projection, by import."""

from lims.billing.money import MONEY
from lims.kernel.projections import Projection
from lims.tallies.fold import COUNTS
from workers import billing, certificates, customers, documents, seals

__all__ = ["PROJECTIONS", "billing", "certificates", "customers", "documents", "seals"]

PROJECTIONS: tuple[Projection, ...] = (COUNTS, MONEY)
