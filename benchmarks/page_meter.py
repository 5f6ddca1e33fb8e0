"""The process that measures the pages of one database for benchmarks.pages and benchmarks.audit.

``REGISTRYUI_DATABASE_URL=… python -m benchmarks.page_meter ROWS [MODULE]``
"""

import os
import sys
from importlib import import_module

import django


def main(rows: int, module: str = "benchmarks.page_times") -> None:
    """Set Django up and answer; see page_times and audit_times."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
    import_module(module).answer(rows)  # has models in it


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
