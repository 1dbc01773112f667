"""How fast pages are served, beside nginx on bare files, the application without an edition, Django and Wagtail.

    .venv/bin/python -m bench.serving

All contenders are started in one run on this machine, answer on 127.0.0.1, and are measured in turns with wrk (Debian's
`wrk` and `nginx` must be installed). Everything is kept under `build/serving/` and `build/peers/` for the next run.
"""
