"""Versions of packages as their ranges are asked for: by what upstream released."""

import re

from registryui.oci.version_order import version_key

_EPOCH = re.compile(r"\d{1,5}:")
# A distribution's revision begins with a digit (3.0.1-1ubuntu2); a candidate does not (1.0-rc1).
_REVISION = re.compile(r"-\d|\+|~deb|\.(?:el|fc)\d")


def package_key(version: str) -> str:
    """Return the sort key of a version without epoch and distribution's revision.

    So a range asks for upstream's versions: ``<3.0.2`` leaves 3.0.2-1ubuntu1 out.
    """
    bare = _EPOCH.sub("", version, count=1) if _EPOCH.match(version) else version
    found = _REVISION.search(bare)
    return version_key(bare[: found.start()] if found and found.start() else bare)
