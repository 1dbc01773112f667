"""nginx on bare files, and nginx with the project's own configuration, both over plain HTTP and without any log."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.serving.servers import Server, free_ports, run_nginx
from tests.deploy.installation import Installation

_BARE = """
{user}
worker_processes auto;
pid {folder}/bare.pid;
error_log /dev/null emerg;
events {{
    worker_connections 8192;
}}
http {{
    include /etc/nginx/mime.types;
    {temporary}
    access_log off;
    sendfile on;
    tcp_nopush on;
    server {{
        listen 127.0.0.1:{port};
        root {root};
        gzip_static on;
    }}
}}
"""


@contextmanager
def run_bare(folder: Path, root: Path) -> Iterator[Server]:
    """Run nginx with nothing but a folder of compressed files, sent as Debian's own configuration has it."""
    _require_nginx()
    folder.mkdir(parents=True, exist_ok=True)
    (port,) = free_ports(1)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    config = folder / "bare.conf"
    config.write_text(
        _BARE.format(
            user="user root;" if os.geteuid() == 0 else "",
            folder=folder,
            port=port,
            root=root,
            temporary="\n    ".join(f"{kind}_temp_path {folder}/temp;" for kind in kinds),
        )
    )
    with run_nginx(config, port) as server:
        yield server


@contextmanager
def run_ours(folder: Path, instance: Path) -> Iterator[Server]:
    """Run nginx with `deploy/nginx` before an edition; other places and ports stand in it.

    The server of the onion service is measured: it is the one without TLS, with all the rest of the site's.
    """
    _require_nginx()
    folder.mkdir(parents=True, exist_ok=True)
    ports = free_ports(3)
    installation = Installation(folder, {"CONSTANTA_INSTANCE": str(instance)}, *ports)
    config = installation.write_config()
    onion = folder / "nginx/servers/onion.conf"
    # Whoever waits for the server names no onion.
    onion.write_text(onion.read_text().replace("server_name .onion;", "server_name .onion 127.0.0.1;"))
    with run_nginx(config, installation.onion_port) as server:
        yield server


def _require_nginx() -> None:
    if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None:
        raise SystemExit("nginx is missing; on Debian: apt-get install nginx libnginx-mod-http-brotli-static")
