"""The real programs that some tests need: which they are, and how they come onto the machine."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

PACKAGES = {  # program, header or font: the Debian package that brings it
    "docker-registry": "docker-registry",
    "skopeo": "skopeo",
    "umoci": "umoci",
    "chromium": "chromium",
    "redis-server": "redis-server",
    "postgres": "postgresql",
    "debootstrap": "debootstrap",
    "buildah": "buildah",
    "slapd": "slapd",
    "cc": "gcc",
    "Python.h": "python3-dev",
    "ldap.h": "libldap2-dev",
    "sasl/sasl.h": "libsasl2-dev",
    "podman": "podman",
    "rpmbuild": "rpm",
    "db5.3_load": "db5.3-util",
    "xgettext": "gettext",
    "wqy-microhei.ttc": "fonts-wqy-microhei",
}
NEEDED_BY = {  # marker of a test (LDAP has none): the programs it needs
    "real": ("docker-registry", "skopeo", "umoci"),
    "podman": ("podman",),
    "rpm": ("rpmbuild", "db5.3_load"),
    "messages": ("xgettext",),
    "chinese": ("wqy-microhei.ttc",),  # else every character is a narrow box
    "browser": ("chromium",),
    "servers": ("redis-server", "postgres"),
    "container": ("docker-registry", "skopeo", "debootstrap", "buildah"),
    "directory": ("slapd", "cc", "Python.h", "ldap.h", "sasl/sasl.h"),
}


def missing(programs: tuple[str, ...] = tuple(PACKAGES)) -> list[str]:
    """Return which of the programs are not on this machine."""
    return [program for program in programs if found(program) is None]


def found(program: str) -> str | None:
    """Return the path of a program, header or font; Debian keeps some off people's search path."""
    if program.endswith(".ttc"):
        return next(map(str, Path("/usr/share/fonts").rglob(program)), None)
    if program.endswith(".h"):
        places = (sysconfig.get_path("include"), "/usr/include")
        return next((place for place in places if Path(place, program).exists()), None)
    servers = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{program}"),
        key=lambda path: int(path.parent.parent.name),
    )
    of_root = shutil.which(program, path="/usr/sbin")
    return shutil.which(program) or of_root or (str(servers[-1]) if servers else None)


def cannot_isolate() -> str:
    """Return why this machine cannot build and run an image, or ''.

    That is a reason to skip, in CI too: unlike a missing program it cannot be installed. A mirror
    of Debian that cannot be reached is one only outside CI.
    """
    if os.geteuid() != 0:
        return "needs root: debootstrap makes devices, buildah changes the root directory"
    namespaces = ("--mount", "--net", "--pid", "--fork", "--mount-proc")
    tried = subprocess.run(
        ["unshare", *namespaces, "true"], check=False, capture_output=True, text=True
    )
    return f"needs namespaces: {tried.stderr.strip()}" if tried.returncode else ""


def install(programs: list[str]) -> None:
    """Install programs from Debian's packages where we may; say what to run where we may not."""
    packages = sorted({PACKAGES[program] for program in programs})
    apt = _apt()
    if not apt:
        return
    print(f"Installing {', '.join(packages)} from Debian's packages …", flush=True)  # noqa: T201
    # RUNLEVEL=1 keeps the registry's service from being started: the tests start their own.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [*apt, *arguments], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            sys.stderr.write(done.stderr[-2000:])


def _apt() -> list[str]:
    if shutil.which("apt-get") is None:
        return []
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") is None:
        return []
    may = subprocess.run(["sudo", "-n", "true"], check=False).returncode == 0
    return ["sudo", "-n", "-E", "apt-get"] if may else []
