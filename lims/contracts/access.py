"""Who may do what with contracts."""

from lims.vocabulary import Role
from lims.web.access import READERS

WRITING = (Role.RECEPTION, Role.ACCOUNTANT)
"""Who draws contracts up, and notes what was accepted."""

SIGNING = (Role.DIRECTOR, Role.ACCOUNTANT)
"""Who notes that a contract was signed or closed by both parties."""

READING = (*WRITING, Role.TECHNICIAN, Role.SIGNATORY, *READERS)
"""Who may look."""
