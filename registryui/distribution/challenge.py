"""What a registry wants to see before it answers: ``WWW-Authenticate`` (RFC 9110 11.6.1)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_HEADER_LENGTH = 16 * 1024

_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = re.compile(rf"""({_WORD})[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))""", re.DOTALL)
_SCHEME = re.compile(rf"({_WORD})(?=[ \t]|,|$)")
_SEPARATOR = re.compile(r"[ \t,]+")
# token68 of "Negotiate YII…": base64, which is not a list of parameters.
_OPAQUE = re.compile(r"[ \t]+[A-Za-z0-9._~+/-]+=*[ \t]*(?=,|$)")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One challenge: lower-case scheme, and the parameters that matter ("" when absent)."""

    scheme: str
    realm: str = ""
    service: str = ""
    scope: str = ""
    error: str = ""


def parse_challenges(header_lines: Iterable[str]) -> tuple[Challenge, ...]:
    """Read all header lines; junk yields fewer challenges, never an error.

    One line may hold several challenges (Codeberg), a scheme may be bare (Gitea says ``Basic``),
    a realm unquoted (zot), a quote escaped (distribution).
    """
    found: list[Challenge] = []
    for line in header_lines:
        found.extend(_parse_line(line[:MAX_HEADER_LENGTH]))
    return tuple(found)


def _parse_line(line: str) -> Iterable[Challenge]:
    position, scheme = 0, ""
    parameters: dict[str, str] = {}
    while position < len(line):
        if separator := _SEPARATOR.match(line, position):
            position = separator.end()
        elif parameter := _PARAMETER.match(line, position):
            position = parameter.end()
            parameters.setdefault(parameter[1].lower(), _value(parameter))
        elif name := _SCHEME.match(line, position):
            yield from _challenge(scheme, parameters)
            scheme, parameters = name[1].lower(), {}
            position = (_OPAQUE.match(line, name.end()) or name).end()
        else:
            break
    yield from _challenge(scheme, parameters)


def _value(parameter: re.Match[str]) -> str:
    quoted, bare = parameter[2], parameter[3]
    return re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL) if quoted is not None else bare


def _challenge(scheme: str, parameters: dict[str, str]) -> Iterable[Challenge]:
    if scheme:
        known = {name: parameters.get(name, "") for name in ("realm", "service", "scope", "error")}
        yield Challenge(scheme, **known)
