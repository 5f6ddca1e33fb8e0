"""Versions: what a tag says, if it is a version at all."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Stage(StrEnum):
    """How far a version is from its release; the values sort from the earliest to the latest."""

    DEVELOPMENT = "a"
    ALPHA = "b"
    BETA = "c"
    PREVIEW = "d"
    CANDIDATE = "e"
    RELEASE = "r"
    PATCH = "t"


_STAGES = {
    "dev": Stage.DEVELOPMENT,
    "snapshot": Stage.DEVELOPMENT,
    "nightly": Stage.DEVELOPMENT,
    "canary": Stage.DEVELOPMENT,
    "unstable": Stage.DEVELOPMENT,
    "alpha": Stage.ALPHA,
    "a": Stage.ALPHA,
    "beta": Stage.BETA,
    "b": Stage.BETA,
    "milestone": Stage.PREVIEW,
    "m": Stage.PREVIEW,
    "preview": Stage.PREVIEW,
    "prerelease": Stage.PREVIEW,
    "pre": Stage.PREVIEW,
    "ea": Stage.PREVIEW,
    "rc": Stage.CANDIDATE,
    "cr": Stage.CANDIDATE,
    "final": Stage.RELEASE,
    "ga": Stage.RELEASE,
    "release": Stage.RELEASE,
    "post": Stage.PATCH,
    "patch": Stage.PATCH,
    "hotfix": Stage.PATCH,
}
_WORDS = "|".join(word for word in _STAGES if len(word) > 1)
_NUMBER = r"(?:[-_.]?(?P<number>[0-9]+(?:\.[0-9]+)*))?(?![a-z0-9])"

_MONTH, _DAY = r"(0[1-9]|1[0-2])", r"(0[1-9]|[12][0-9]|3[01])"
_PREFIX = re.compile(r"(?:v(?:ersion)?|rel(?:ease)?)[-_.]?(?=[0-9])")
# 20240501, 202405011230, 20240501123000, 2024-05-01, 2024-05
_DATE = re.compile(
    rf"((?:19|20)[0-9]{{2}})"
    rf"(?:-{_MONTH}(?:-{_DAY})?|{_MONTH}{_DAY}([0-9]{{6}}|[0-9]{{4}})?)(?![0-9])"
)
# What counts a day's builds or is the time of day: "-2", ".1", "T10-11-12Z".
_AFTER_DATE = re.compile(r"(?:[-_.t][0-9]+(?=z?(?![0-9a-z])))*(?:z(?![0-9a-z]))?")
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)*")
# Abbreviated or whole; only digits cannot be told from a number, a date and one letter is a date.
_COMMIT = re.compile(
    rf"(?!(?:19|20)[0-9]{{2}}{_MONTH}{_DAY}[a-f](?![0-9a-z]))"
    r"(?=[0-9]*[a-f])[0-9a-f]{7,64}(?![0-9a-z])"
)
_DESCRIBE = re.compile(r"-(?P<number>[0-9]+)-g[0-9a-f]{7,40}(?![0-9a-z])")  # git describe
_STAGE_WORD = re.compile(rf"(?:^|[-_.]|(?<=[0-9]))(?P<word>{_WORDS}){_NUMBER}")
_STAGE_LETTER = re.compile(r"(?P<word>[ab]|[-_.]?m)(?P<number>[0-9]+)(?![a-z0-9])")  # 3.13b2, .M1
_UPDATE = re.compile(r"[a-z][0-9]*(?![a-z0-9])")  # 1.0.2k, 8u392


@dataclass(frozen=True, slots=True)
class Version:
    """A tag taken apart.

    `numbers` are digits without leading zeros ("" is zero), as many as were written. `detail` is
    what counts within the stage, the 2 of "rc.2". `variant` is the rest: "alpine3.19".
    """

    numbers: tuple[str, ...]
    is_date: bool
    stage: Stage
    detail: str
    variant: str

    @classmethod
    def parse(cls, tag: str) -> Self | None:
        """Take a tag apart, or give None when it is no version: "latest", "main-7c02f19"."""
        text = tag.lower()
        prefix = _PREFIX.match(text)
        text = text[prefix.end() :] if prefix else text
        if _COMMIT.match(text):
            return None
        date = _DATE.match(text)
        numbers, rest = _split_date(date) if date else _split_numbers(text)
        if not numbers:
            return None
        stage, detail, variant = _split_stage(rest)
        is_word = len(numbers) == 1 and variant == rest and rest[:1].isalpha()
        if is_word and not date:  # "7zip", "3rdparty"
            return None
        stripped = tuple(number.lstrip("0") for number in numbers)
        return cls(stripped, date is not None, stage, detail, variant.strip("-_."))

    @property
    def is_final(self) -> bool:
        """Whether it is a release or what came after it."""
        return self.stage in {Stage.RELEASE, Stage.PATCH}


def _split_date(date: re.Match[str]) -> tuple[list[str], str]:
    after = _AFTER_DATE.match(date.string, date.end())
    end = after.end() if after else date.end()
    numbers = [group for group in date.groups() if group is not None]
    return numbers + re.findall(r"[0-9]+", date.string[date.end() : end]), date.string[end:]


def _split_numbers(text: str) -> tuple[list[str], str]:
    match = _NUMBERS.match(text)
    return (match.group().split("."), text[match.end() :]) if match else ([], text)


def _split_stage(rest: str) -> tuple[Stage, str, str]:
    """Give the stage, what counts within it, and the rest without both."""
    describe = _DESCRIBE.match(rest)
    if describe:
        return Stage.PATCH, describe["number"], rest[describe.end() :]
    match = _STAGE_LETTER.match(rest) or _STAGE_WORD.search(rest)
    if match:
        stage = _STAGES[match["word"].lstrip("-_.")]
        return stage, match["number"] or "", rest[: match.start()] + rest[match.end() :]
    update = _UPDATE.match(rest)
    if update:
        return Stage.PATCH, update.group(), rest[update.end() :]
    return Stage.RELEASE, "", rest
