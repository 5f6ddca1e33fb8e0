"""Settings of the tests: those of the product, read from an environment without surprises."""

import os
import tempfile

for name in [name for name in os.environ if name.startswith("REGISTRYUI_")]:
    if name not in {"REGISTRYUI_DATABASE_URL", "REGISTRYUI_QUEUE_URL"}:
        del os.environ[name]
os.environ["REGISTRYUI_DATA_DIR"] = tempfile.mkdtemp(prefix="registryui-tests-")
os.environ["REGISTRYUI_DEBUG"] = "1"

from registryui.settings import *  # noqa: E402, F403

DEBUG = False
ANONYMOUS_READ = True  # tests of who may see what say otherwise
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # static files are served from where they lie
WHITENOISE_USE_FINDERS = True
