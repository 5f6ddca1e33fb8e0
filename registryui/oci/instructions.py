"""One step of a history as a Dockerfile has it: what builders print of it, turned back."""

import ast
import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from registryui.oci.config import ImageConfig
from registryui.oci.history import HistoryEntry

# Longer ones are kept as they are: nobody reads them, and taking them apart takes time.
MOST_TAKEN_APART = 16 * 1024
WIDTH = 80
INDENT = "    "

_STRING = r'"(?:[^"\\]|\\.)*+"'
# Go's %q of a list has no commas: ["nginx" "-g" "daemon off;"].
_STRINGS = re.compile(rf"\[(?:{_STRING}(?:, ?| |(?=\])))*+\]", re.DOTALL)
_ONE_STRING = re.compile(_STRING, re.DOTALL)
_LIST = re.compile(r"\[([^\[\]\"]*)\]")
_PORTS = re.compile(r"map\[([^\[\]]*)\]")
_CHARACTER = r"'(?:[^'\\]|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\\[abfnrtv'\\])'"
# Go's %q of a health check: test, interval, timeout, start period, start interval, retries.
_HEALTH = re.compile(
    rf'&\{{(?P<test>\[.*\]) "(?P<interval>[^" ]{{0,40}})" "(?P<timeout>[^" ]{{0,40}})" '
    rf'"(?P<start>[^" ]{{0,40}})"(?: "(?P<often>[^" ]{{0,40}})")? (?P<retries>{_CHARACTER})\}}',
    re.DOTALL,
)
_CHECKSUM = re.compile(
    r"(?P<flags>(?:--\S+ )*+)(?P<source>(?P<what>file|dir|multi):[0-9a-f]{6,64}) in (?P<target>.+)",
    re.DOTALL,
)
_UNNAMED = {"file": "unknown-file", "dir": "unknown-directory", "multi": "unknown-files"}
_NAME = re.compile(r"(?:^|(?<=\s))([A-Za-z_][\w./-]{0,254})=")
_PLAIN = re.compile(r"[\w@%+=:,./~-]+")
_BREAK = re.compile(r"\s{0,20}&&\s{1,20}|;(?: {0,9}\t| {2})\s{0,40}(?![#\s])")


@dataclass(frozen=True, slots=True)
class Written:
    """An instruction, which may have several lines, and what there is to say about it."""

    text: str
    remarks: tuple[str, ...] = ()


def written(entry: HistoryEntry, config: ImageConfig, *, escape: str = "\\") -> Written | None:
    """Return a step as an instruction; None if no instruction of a Dockerfile made it.

    What is not understood stays as the builder wrote it, on one line.
    """
    verb, rest = entry.words
    if not verb:
        return None
    if verb == "RUN":
        arguments = _one_line(entry.build_arguments)
        remarks = (f"Ran with the build arguments {arguments}",) if arguments else ()
        return Written(f"RUN {_command(rest, escape)}".rstrip(), remarks)
    if verb in ("COPY", "ADD"):
        return _copied(verb, rest)
    turn = _TURNS.get(verb)
    if turn is None or len(rest) > MOST_TAKEN_APART:
        return Written(f"{verb} {_one_line(rest)}".rstrip())
    return Written(f"{verb} {_one_line(turn(rest, config))}".rstrip())


def in_brackets(words: Sequence[str]) -> str:
    """Return words in the exec form, which is JSON."""
    return json.dumps(list(words), ensure_ascii=False)


def _one_line(text: str) -> str:
    # A line break would begin another instruction.
    return text.replace("\r", "\\r").replace("\n", "\\n").strip()


def _copied(verb: str, rest: str) -> Written:
    found = _CHECKSUM.fullmatch(rest) if len(rest) <= MOST_TAKEN_APART else None
    if found is None:
        return Written(f"{verb} {_one_line(rest)}".rstrip())
    source = f"{found['flags']}{_UNNAMED[found['what']]}"
    return Written(
        f"{verb} {source} {_one_line(found['target'])}",
        (f"The builder kept no name, only a checksum: {found['source']}",),
    )


def _command(text: str, escape: str) -> str:
    """Return a command broken where a person would break it; one with lines as a here-document."""
    if "\n" in text:
        return text if text.startswith("<<") else _here_document(text)
    if len(text) > MOST_TAKEN_APART * 4 or text.startswith("["):
        return text
    parts = list(_parts(text, escape))
    if len(text) + len("RUN ") <= WIDTH and "\t" not in text:
        return text
    return f" {escape}\n{INDENT}".join(parts)


def _here_document(text: str) -> str:
    end = "EOF"
    while end in text:
        end += "_"
    return f"<<{end}\n{text.rstrip()}\n{end}"


def _parts(text: str, escape: str) -> Iterator[str]:
    """Yield what stands between && and between the ends of statements, outside of quotes."""
    begin = at = 0
    quote = ""
    while at < len(text):
        letter = text[at]
        if letter in (escape, "\\") and quote != "'":
            at += 2
            continue
        if letter in "'\"":
            quote = "" if quote == letter else quote or letter
        elif not quote and letter in " \t&;" and (found := _BREAK.match(text, at)):
            is_end = letter == ";"
            yield text[begin : at + is_end].rstrip()
            begin = found.end() if is_end else text.index("&&", at)
            at = found.end()
            continue
        at += 1
    yield text[begin:].strip()


def _exec(text: str, config: ImageConfig) -> str:
    """Return a command in the exec form with its commas; the shell form as it is."""
    known = next(
        (each for each in (config.entrypoint, config.command) if text == f"[{' '.join(each)}]"), ()
    )
    if known:
        return in_brackets(known)
    words = _strings(text)
    return text if words is None else in_brackets(words)


def _strings(text: str) -> list[str] | None:
    if not _STRINGS.fullmatch(text):
        return None
    try:
        return [str(json.loads(each)) for each in _ONE_STRING.findall(text)]
    except ValueError:  # an escape that only Go knows
        return None


def _words(text: str, config: ImageConfig) -> str:
    """Return Go's [a b] as the exec form."""
    if text == f"[{' '.join(config.shell)}]":
        return in_brackets(config.shell)
    found = _LIST.fullmatch(text)
    return in_brackets(found[1].split()) if found else _exec(text, config)


def _ports(text: str, _config: ImageConfig) -> str:
    if found := _PORTS.fullmatch(text):
        return " ".join(each.removesuffix(":{}") for each in found[1].split())
    found = _LIST.fullmatch(text)
    return " ".join(found[1].split()) if found else text


def _health(text: str, _config: ImageConfig) -> str:
    found = _HEALTH.fullmatch(text)
    test = _strings(found["test"]) if found else None
    if found is None or not test:
        return text
    if test[0] == "NONE":
        return "NONE"
    retries = ord(ast.literal_eval(found["retries"]))
    options = {
        "interval": found["interval"],
        "timeout": found["timeout"],
        "start-period": found["start"],
        "start-interval": found["often"] or "",
        "retries": str(retries) if retries else "",
    }
    flags = [f"--{name}={value}" for name, value in options.items() if value not in ("", "0s")]
    command = test[1] if test[0] == "CMD-SHELL" and len(test) > 1 else in_brackets(test[1:])
    return " ".join([*flags, "CMD", command])


def _environment(text: str, config: ImageConfig) -> str:
    return _pairs(text, dict(config.environment))


def _labels(text: str, config: ImageConfig) -> str:
    return _pairs(text, dict(config.labels))


def _pairs(text: str, known: Mapping[str, str]) -> str:
    """Return NAME=value … with quotes where a value needs some, which most builders leave out.

    Another pair begins only at a name that the config has, as a value may have "x=y" in it.
    """
    if _is_quoted(text, known):
        return text
    starts = [each for each in _NAME.finditer(text) if each.start() == 0 or each[1] in known]
    if not starts or starts[0].start():
        return text
    ends = [each.start() for each in starts[1:]] + [len(text)]
    pairs = zip(starts, ends, strict=True)
    return " ".join(f"{each[1]}={_quoted(text[each.end() : end].strip())}" for each, end in pairs)


def _is_quoted(text: str, known: Mapping[str, str]) -> bool:
    if '"' not in text and "'" not in text:
        return False
    try:
        pairs = [each.partition("=") for each in shlex.split(text)]
    except ValueError:  # a quote without an end
        return False
    return all(separator and known.get(name) == value for name, separator, value in pairs)


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'"{escaped}"'


_TURNS: Mapping[str, Callable[[str, ImageConfig], str]] = {
    "CMD": _exec,
    "ENTRYPOINT": _exec,
    "SHELL": _words,
    "VOLUME": _words,
    "EXPOSE": _ports,
    "HEALTHCHECK": _health,
    "ENV": _environment,
    "LABEL": _labels,
}
