"""Every reaction and every projection, by import."""

from lims.kernel.projections import Projection
from workers import documents, seals

__all__ = ["PROJECTIONS", "documents", "seals"]

PROJECTIONS: tuple[Projection, ...] = ()
