"""Who may write in the register."""

from lims.vocabulary import Role

ENTERING = (Role.RECEPTION, Role.ACCOUNTANT)
"""Who enters and corrects customers."""

REGISTERING = (Role.RECEPTION, Role.TECHNICIAN)
"""Who enters and corrects instruments."""

CONFIDANTS = (*ENTERING, Role.DIRECTOR)
"""Who needs to see a person's identification number."""
