"""gunicorn behind nginx: `gunicorn --config deploy/gunicorn.conf.py`.

It listens where systemd's socket or `--bind` says, by default on 127.0.0.1:8000. nginx must stand before it: nginx waits
for slow readers, gunicorn does not.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

wsgi_app = "constanta.serving:create_site()"
chdir = str(Path(__file__).resolve().parent.parent)

workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
# Longer than nginx keeps its connections to gunicorn (60 s), so that nginx never sends into one that is being closed.
keepalive = 65
timeout = 30
# The heartbeat's file: on a disk it could hold a worker up.
worker_tmp_dir = "/dev/shm"  # noqa: S108

# At lower levels gunicorn writes the addresses of clients.
loglevel = "error"
accesslog = None

# nginx sets the one header that tells https; whatever else a client sends of the kind is not believed.
secure_scheme_headers = {"X-FORWARDED-PROTO": "https"}
forwarder_headers = ""
control_socket_disable = True


def pre_fork(server: Any, worker: Any) -> None:
    """Choose the core of a worker: one on which the fewest others are, not the first one at every site of a machine."""
    cores = sorted(os.sched_getaffinity(0))
    first = os.getpid() % len(cores)
    # Those that were made before this file had come have none.
    workers_on = Counter(getattr(other, "core", None) for other in server.WORKERS.values())
    worker.core = min(cores[first:] + cores[:first], key=lambda core: workers_on[core])


def post_fork(server: Any, worker: Any) -> None:  # noqa: ARG001
    """Keep a worker on its core: of its threads one runs at a time, and their turns take far longer across two cores."""
    with suppress(OSError):  # not where this call is forbidden
        os.sched_setaffinity(0, {worker.core})
