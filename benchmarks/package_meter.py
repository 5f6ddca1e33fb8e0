"""The process that fills one database with images and their packages, and measures questions.

``REGISTRYUI_DATABASE_URL=… python -m benchmarks.package_meter IMAGES PACKAGES_EACH ROUNDS``
"""

import json
import os
import sys
from importlib import import_module

import django


def main(images: int, each: int, rounds: int) -> None:
    """Set Django up, fill, measure, and print the times as JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    django.setup()
    times = import_module("benchmarks.package_times")  # has models in it
    times.fill(images, each)
    print(json.dumps(times.measure(rounds)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
