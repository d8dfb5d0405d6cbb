"""What gunicorn does in each web process: `--config python:portal.web_process`, or imported by a config file.

Nothing of Django may be imported here: gunicorn reads its configuration before it loads the application.
"""

import gc
from importlib import import_module
from typing import Any

preload_app = True  # views and templates are loaded once; a process that takes an ended one's place has them


def post_worker_init(worker: Any) -> None:
    """Read the catalogue index before the process takes its first request.

    What is there by then stays as long as the process does: the collector of garbage need not walk over it
    again and again, which would cost some page in a hundred a tenth of a second.
    """
    import_module("portal.warming").index_warm()
    gc.collect()
    gc.freeze()
