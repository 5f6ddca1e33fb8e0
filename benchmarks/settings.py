"""Settings of the benchmarks: those of the product, without what a test client cannot have."""

import atexit
import os
import shutil
import tempfile

os.environ["REGISTRYUI_DATA_DIR"] = tempfile.mkdtemp(prefix="registryui-bench-")
os.environ["REGISTRYUI_DEBUG"] = "1"

from registryui.settings import *  # noqa: F403

atexit.register(shutil.rmtree, DATA_DIR, ignore_errors=True)  # noqa: F405

DEBUG = False
ANONYMOUS_READ = True
MIDDLEWARE = [each for each in MIDDLEWARE if "whitenoise" not in each]  # noqa: F405
ALLOWED_HOSTS = ["testserver"]
