"""What a WSGI server loads."""

from lims.app import create_app

app = create_app()
