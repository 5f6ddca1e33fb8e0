"""Version order: a text per tag that any database sorts from the oldest version to the newest."""

import re

from registryui.oci.referrer_tag import is_referrer_tag
from registryui.oci.version import Version

MAX_KEY_LENGTH = 255

_NO_VERSION, _VERSION = "0", "1"
_END = "!"  # sorts below everything else in a key
_PLAIN = "~"  # sorts above every variant
_DIGITS = re.compile(r"[0-9]+")
_FOREIGN = re.compile(r"[^0-9a-z._-]")
_MOVING = frozenset(
    {"latest", "stable", "edge", "nightly", "main", "master", "trunk", "dev", "devel", "develop"}
    | {"mainline", "lts", "current", "rolling", "next", "canary", "testing", "unstable", "head"}
)

LeadRank = tuple[int, int, int, int, str, int, str]


def version_key(tag: str) -> str:
    """Give the sort key of a tag: compare by code point (BINARY, COLLATE "C"), oldest first.

    Printable ASCII, at most 255 characters. Names that are no versions come first, by their words
    and numbers. Versions are compared number by number, where missing numbers are zero and a
    leading "v" is nothing; then by stage (dev, alpha, beta, preview, rc, release, patch); then
    variants ("-alpine") come before the plain version; then the shorter before the longer (1.27,
    1.27.0). A date is a version however written: 20240501 is 2024-05-01. Tags that differ only in
    case or in leading zeros have the same key, so sort by the name after it.
    """
    version = Version.parse(tag)
    if version is None:
        return (_NO_VERSION + _natural(tag))[:MAX_KEY_LENGTH]
    key = _END.join(
        [
            _VERSION + "".join(map(_number, _significant(version.numbers))),
            version.stage + _natural(version.detail),
            _natural(version.variant) or _PLAIN,
            str(min(len(version.numbers), 9)),
        ]
    )
    return key[:MAX_KEY_LENGTH]


def lead_rank(tag: str) -> LeadRank:
    """Rank the tags of one digest: the largest is the best name for it.

    A version leads, then a date, then a name with a number in it, then a word, then a word that
    moves ("latest", "stable"), then tags that belong to other manifests. Among versions: releases
    before candidates, then the most numbers (2.4.1, 2.4, 2), then the plain one.
    """
    version = Version.parse(tag)
    if version is None:
        is_latest = tag == "latest"
        return (_rank_of_name(tag), is_latest, 0, 0, version_key(tag), -len(tag), tag)
    rank = 3 if version.is_date else 4
    is_plain = not version.variant
    count = len(version.numbers)
    return (rank, version.is_final, count, is_plain, version_key(tag), -len(tag), tag)


def _rank_of_name(tag: str) -> int:
    if is_referrer_tag(tag):
        return -1
    if tag.lower() in _MOVING:
        return 0
    return 2 if _DIGITS.search(tag) else 1


def _significant(numbers: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the zeros at the end, but for the first number: 1.27.0 is 1.27."""
    end = len(numbers)
    while end > 1 and not numbers[end - 1]:
        end -= 1
    return numbers[:end]


def _number(digits: str) -> str:
    """Write a number behind its length, so that texts compare as the numbers do.

    The length is 0 to 9, A for 10 to Z for 35, then z and three digits.
    """
    length = len(digits)
    if length > 35:
        return f"z{length:03}{digits}"
    return f"{length if length < 10 else chr(ord('A') + length - 10)}{digits}"


def _natural(text: str) -> str:
    return _DIGITS.sub(
        lambda match: _number(match.group().lstrip("0")), _FOREIGN.sub("-", text.lower())
    )
