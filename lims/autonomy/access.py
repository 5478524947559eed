"""Who may look at the accounts of autonomy; the accountant alone enters."""

from lims.vocabulary import Role
from lims.web.access import READERS

READING = (Role.ACCOUNTANT, *READERS)
