"""What people type to ask who has a package or a vulnerability, as conditions."""

import re
from dataclasses import dataclass
from typing import Self

from django.db.models import Q

from registryui.accounts.pattern import LAST_CHARACTER
from registryui.supplychain.formats.parts import piece_of_purl
from registryui.supplychain.package_versions import package_key

MOST_TERMS = 6
_BOUND = re.compile(r"(>=|<=|>|<|=)\s*(\S+)")
# What may follow a version that was typed in full: 3.0.1 is also 3.0.1-1ubuntu2, never 3.0.10.
_AFTER = ("-", "+", ".", "~")
_LOOKUPS = {">=": "gte", "<=": "lte", ">": "gt", "<": "lt"}
_IDENTIFIER = re.compile(r"[A-Z][A-Z0-9]{1,15}[-:][A-Z0-9][A-Z0-9:._-]{1,80}")


@dataclass(frozen=True, slots=True)
class PackageQuestion:
    """A name, exact or by its beginning, and what its version must be."""

    name: str = ""
    is_beginning: bool = False
    version: str = ""
    bounds: tuple[tuple[str, str], ...] = ()
    ecosystem: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``openssl``, ``openssl 3.0.1``, ``open*``, ``openssl >=3 <3.0.7``.

        ``name@version`` and package URLs are read as well.
        """
        if text.startswith("pkg:") and (purl := piece_of_purl(text)):
            return cls(purl.name, False, purl.version, (), purl.ecosystem)
        bounds = tuple(_BOUND.findall(text)[:MOST_TERMS])
        words = _BOUND.sub(" ", text).split()
        if not words:
            return cls()
        name, version = words[0], words[1] if len(words) > 1 else ""
        before, at, after = name.rpartition("@")
        if at and before and not version:
            name, version = before, after
        return cls(name.rstrip("*"), name.endswith("*"), version, bounds)

    @property
    def is_asked(self) -> bool:
        """Whether there is a name to look for."""
        return bool(self.name)

    @property
    def condition(self) -> Q:
        """The condition on packages; each part of it is a range of an index."""
        wanted = _begins("name", self.name) if self.is_beginning else Q(name=self.name)
        if self.ecosystem:
            wanted &= Q(ecosystem=self.ecosystem)
        if self.version.endswith("*"):
            wanted &= _begins("version", self.version.rstrip("*"))
        elif self.version:
            wanted &= _is_version(self.version)
        for sign, bound in self.bounds:
            wanted &= _bounded(sign, bound)
        return wanted


def _is_version(version: str) -> Q:
    wanted = Q(version=version)
    for mark in _AFTER:
        wanted |= _begins("version", f"{version}{mark}")
    return wanted


def _bounded(sign: str, version: str) -> Q:
    if sign == "=":
        return Q(version=version)
    return Q((f"version_key__{_LOOKUPS[sign]}", package_key(version)))


def _begins(column: str, text: str) -> Q:
    if not text:
        return Q()
    return Q((f"{column}__gte", text)) & Q((f"{column}__lt", f"{text}{LAST_CHARACTER}"))


def identifier_condition(text: str, *, path: str = "") -> Q:
    """Return the condition on findings for an identifier, or for its beginning with a star."""
    wanted, column = text.upper(), f"{path}identifier"
    return _begins(column, wanted.rstrip("*")) if "*" in wanted else Q((column, wanted))


def is_identifier(text: str) -> bool:
    """Say whether a text looks like CVE-2022-3602 or GHSA-xxxx-xxxx-xxxx."""
    wanted = text.strip().upper()
    is_known = wanted.startswith(("CVE-", "GHSA-", "DSA-", "RHSA-", "USN-", "ALAS-", "GO-"))
    return is_known and bool(_IDENTIFIER.fullmatch(wanted))
