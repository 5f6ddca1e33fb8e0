"""Packages and databases made by Debian's rpm, to hold our readers to."""

import struct
import subprocess
from pathlib import Path

SPEC = """
Name: {name}
Version: {version}
Release: {release}
{epoch}
Summary: {name} for tests
License: {license}
BuildArch: noarch
%description
Nothing.
%files
"""
QUERY = "%{NAME}\\t%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{LICENSE}\\n"


def run(*words: str | Path) -> str:
    """Run a program; return what it says."""
    done = subprocess.run([*map(str, words)], check=True, capture_output=True, text=True)
    return done.stdout


def build(directory: Path, name: str, version: str, *, release: str = "1", epoch: str = "") -> Path:
    """Build a package without files."""
    spec = directory / f"{name}.spec"
    text = SPEC.format(
        name=name,
        version=version,
        release=release,
        epoch=f"Epoch: {epoch}" if epoch else "",
        license="MIT and Apache-2.0",
    )
    spec.write_text(text, encoding="utf-8")
    run("rpmbuild", "-bb", "--quiet", "--define", f"_topdir {directory}/build", spec)
    return next((directory / "build/RPMS").rglob(f"{name}-{version}-*.rpm"))


def database(folder: Path, packages: list[Path]) -> Path:
    """Make a database in which the packages are installed; Debian's rpm writes SQLite alone."""
    run("rpm", "--dbpath", folder, "--initdb")
    run("rpm", "--dbpath", folder, "--nodeps", "--justdb", "--ignorearch", "-i", *packages)
    return folder


def listed(folder: Path) -> set[tuple[str, ...]]:
    """Return what rpm itself says is installed: name, version, architecture, licence."""
    lines = run("rpm", "--dbpath", folder, "-qa", "--qf", QUERY).splitlines()
    return {tuple(line.split("\t")) for line in lines}


def as_bdb(headers: list[bytes], path: Path) -> Path:
    """Write headers into a hash of Berkeley DB, as rpm did: by number, the next number first."""
    values = [(0, len(headers).to_bytes(4, "little")), *enumerate(headers, start=1)]
    lines = ["VERSION=3", "format=bytevalue", "type=hash", "HEADER=END"]
    for number, value in values:
        lines += [f" {number.to_bytes(4, 'little').hex()}", f" {value.hex()}"]
    text = "\n".join([*lines, "DATA=END", ""])
    subprocess.run(["db5.3_load", "-t", "hash", str(path)], input=text, check=True, text=True)
    return path


def as_ndb(headers: list[bytes]) -> bytes:
    """Write headers as rpm's ndb does (lib/backend/ndb/rpmpkg.c), with one page of slots."""
    slots, blobs = b"", b""
    for number, header in enumerate(headers, start=1):
        blob = struct.pack("<4sIII", b"BlbS", number, 0, len(header)) + header
        blob += b"\0" * (-(len(blob) + 12) % 16) + struct.pack("<II4s", 0, len(header), b"BlbE")
        slots += struct.pack("<4sIII", b"Slot", number, (4096 + len(blobs)) // 16, len(blob) // 16)
        blobs += blob
    head = struct.pack("<4sIIIIIII", b"RpmP", 0, 1, 1, len(headers) + 1, 0, 0, 0)
    free = struct.pack("<4sIII", b"Slot", 0, 0, 0)
    page = head + slots
    return page + free * ((4096 - len(page)) // 16) + blobs
