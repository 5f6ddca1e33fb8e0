"""Texts made fit for what they are pasted into: a shell, JSON, TOML, YAML, a file's name."""

import json
import re
import shlex


def shell(text: str) -> str:
    """Return one word of a shell; quoted only if it needs it."""
    return shlex.quote(text)


def single_quoted(text: str) -> str:
    """Return one word of a shell in single quotes, for names that people change."""
    return "'" + text.replace("'", "'\"'\"'") + "'"


def text_of(value: str) -> str:
    """Return a string as JSON, TOML and YAML write it alike, in double quotes."""
    # DEL is the one character that JSON writes as it is and TOML does not allow.
    return json.dumps(value).replace("\x7f", "\\u007f")


def json_of(document: object) -> str:
    """Return a configuration file in JSON."""
    return json.dumps(document, indent=2) + "\n"


def plain_name(host: str) -> str:
    """Return a host as part of a file's or a secret's name: lower case, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", host.lower()).strip("-")[:60] or "registry"
