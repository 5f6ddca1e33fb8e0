"""``manage.py`` with settings that cannot work."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.mark.parametrize("command", ["start", "syncregistry", "migrate"])
def test_says_what_to_change_without_a_traceback(tmp_path, command):
    done = subprocess.run(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), command],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "registryui.settings",
            "REGISTRYUI_DATA_DIR": str(tmp_path),
            "REGISTRYUI_REGISTRY_URL": "registry.example:5000",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("Registry UI cannot start: Registry 'default' needs a url such")
    assert "Traceback" not in done.stderr
