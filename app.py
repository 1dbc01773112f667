"""The WSGI application that `flask run` and gunicorn find.

What is imported here stays until the process ends: to look through it for circles of objects that nobody needs any more,
while it comes, would take a twentieth of a second of every command.
"""

import gc

gc.disable()
try:
    from constanta.factory import create_app

    app = create_app()
finally:
    gc.enable()
