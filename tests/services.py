"""A pytest plugin, loaded before the settings: brings the services in a box up for this run, unless they are configured.

Workers of pytest-xdist inherit the variables and so share one set of servers, each with a database of its own.
"""

import os
import tempfile
from pathlib import Path

from config.services import provide

_var = tempfile.TemporaryDirectory(prefix="contrib-portal-tests-", ignore_cleanup_errors=True)
provide(var=Path(_var.name))

# Playwright keeps an event loop in the thread of its worker; Django would then refuse the database to every later test.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
