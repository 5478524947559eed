"""Who may do what with the money."""

from lims.vocabulary import Role
from lims.web.access import READERS

WRITING = (Role.ACCOUNTANT,)
"""Who drafts and issues invoices."""

TAKING = (Role.ACCOUNTANT, Role.RECEPTION)
"""Who takes money."""

READING = (Role.ACCOUNTANT, *READERS)
"""Who may look at all of it."""
