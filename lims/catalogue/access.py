"""Who keeps what of the catalogue."""

from lims.vocabulary import Role

KEEPERS = (Role.QUALITY, Role.ADMIN)
"""Who keeps types, cycles and methods."""

PRICERS = (Role.ADMIN, Role.ACCOUNTANT, Role.DIRECTOR)
"""Who enters what the director decided on prices."""
