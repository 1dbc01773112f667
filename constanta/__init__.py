"""The multilingual site of Human Constanta."""

import time

LOADED = time.time_ns()
"""When this process began to load the program, in nanoseconds since 1970: what was saved later may not be what runs."""
