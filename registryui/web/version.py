"""The version, read from the changelog so that the two cannot drift."""

import re
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"


def newest_version(changelog: str) -> str:
    """Return the version of the first ``## 1.2.3`` heading; ``0.0.0`` before any release."""
    found = re.search(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    return found[1] if found else "0.0.0"


VERSION = newest_version(CHANGELOG.read_text(encoding="utf-8"))
