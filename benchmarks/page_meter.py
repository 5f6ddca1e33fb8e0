"""The process that measures the pages of one database for benchmarks.pages.

``REGISTRYUI_DATABASE_URL=… python -m benchmarks.page_meter REPOSITORIES``
"""

import os
import sys
from importlib import import_module

import django


def main(repositories: int) -> None:
    """Set Django up and answer; see page_times."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
    import_module("benchmarks.page_times").answer(repositories)  # has models in it


if __name__ == "__main__":
    main(int(sys.argv[1]))
