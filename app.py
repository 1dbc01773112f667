"""The WSGI application that `flask run` and gunicorn find."""

from constanta.loading import loading

with loading():
    from constanta.factory import create_app

    app = create_app()
