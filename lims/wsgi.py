"""What a WSGI server loads."""

from lims.app import create_app
from lims.kernel import memory

app = create_app()
memory.settle()
