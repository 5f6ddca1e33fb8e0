"""Where source code lies: addresses of Git as builders, labels and CI programs write them."""

import re
from dataclasses import dataclass

_HEX = re.compile(r"[0-9a-f]{7,64}")
_BRANCH_PREFIXES = ("refs/heads/", "refs/tags/")


@dataclass(frozen=True, slots=True)
class Source:
    """An address of source code, and the branch that it names behind a ``#``."""

    address: str
    branch: str = ""


def read_source(text: str) -> Source:
    """Read an address as builders write it: ``git+https://host/team/app.git#refs/heads/main``.

    A name and a password in it are left out: they are nobody's to see.
    """
    address, _, fragment = text.strip().removeprefix("git+").partition("#")
    scheme, fence, rest = address.partition("://")
    if fence:
        authority, slash, path = rest.partition("/")
        if not fragment:
            path, _, fragment = path.partition("@")  # as SLSA's builders for GitHub write it
        address = f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"
    return Source(address, branch_in(fragment.partition(":")[0]))


def short_branch(ref: str) -> str:
    """Return a branch or tag as people call it."""
    for prefix in _BRANCH_PREFIXES:
        ref = ref.removeprefix(prefix)
    return ref


def branch_in(ref: str) -> str:
    """Return the branch or tag that a reference names; some name a commit instead."""
    branch = short_branch(ref)
    return "" if is_commit(branch) else branch


def is_commit(text: str) -> bool:
    """Say whether a text is a commit's name, whole or the beginning of it."""
    return bool(_HEX.fullmatch(text))
