"""The WSGI application that `flask run` and gunicorn find."""

from constanta.factory import create_app

app = create_app()
