"""The WSGI application that `flask run` and gunicorn find.

What is imported here stays until the process ends. To look through all of it for circles of objects that nobody needs any
more, while it comes and once more at the end, would take a fifth of a second of every command.
"""

import atexit
import gc

gc.disable()
from constanta.factory import create_app  # noqa: E402 - it imports nearly everything

app = create_app()
gc.enable()
atexit.register(gc.freeze)
