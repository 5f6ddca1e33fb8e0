"""Reading hostile JSON: one loader with every limit, and readers that never trust a type."""

import json
import math
import re
from collections.abc import Mapping
from typing import Never

from registryui.oci.errors import OciError, excerpt
from registryui.oci.marking import gettext_noop

Pairs = tuple[tuple[str, str], ...]
Document = dict[str, object]

MAX_INTEGER = 2**53 - 1
MAX_TEXT_LENGTH = 64 * 1024
MAX_PAIRS = 2000
MAX_ITEMS = 1000
MAX_DEPTH = 64
MAX_VALUES = 500_000

_MAX_DIGITS = 400
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
# PostgreSQL stores no U+0000, and a lone surrogate cannot be encoded.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class InvalidDocumentError(OciError):
    """The bytes are not the JSON document that was asked for."""


def load_object(content: bytes, *, max_bytes: int, max_values: int = MAX_VALUES) -> Document:
    """Read a JSON object from UTF-8 bytes, or raise InvalidDocumentError.

    Refused: more than `max_bytes`, text that is not UTF-8 or not JSON, another top level than an
    object, nesting deeper than MAX_DEPTH, more than about `max_values` values (tiny values take
    thirty times their bytes in memory), NaN, infinite and absurdly long numbers. U+0000 and lone
    surrogates in texts and keys become U+FFFD. Of a repeated key the last one wins, as in Go.
    """
    document = _load(content, max_bytes, max_values)
    if not isinstance(document, dict):
        raise InvalidDocumentError(
            gettext_noop("The document is a JSON {kind}, not an object.").format(
                kind=_word_for(document)
            )
        )
    return document


def load_list(content: bytes, *, max_bytes: int) -> list[object]:
    """Read a JSON array from UTF-8 bytes, under the limits of ``load_object``."""
    document = _load(content, max_bytes, MAX_VALUES)
    if not isinstance(document, list):
        raise InvalidDocumentError(
            gettext_noop("The document is a JSON {kind}, not an array.").format(
                kind=_word_for(document)
            )
        )
    return document


def _load(content: bytes, max_bytes: int, max_values: int) -> object:
    if len(content) > max_bytes:
        raise InvalidDocumentError(
            gettext_noop("The document has {size} bytes, more than {max_bytes} allowed.").format(
                size=len(content), max_bytes=max_bytes
            )
        )
    if content.count(b",") + content.count(b"[") > max_values:
        raise InvalidDocumentError(gettext_noop("The document has too many values."))
    try:
        return _clean(_decode(content), MAX_DEPTH)
    except InvalidDocumentError:
        raise
    except RecursionError as error:
        raise InvalidDocumentError(gettext_noop("The document is nested too deeply.")) from error
    except ValueError as error:  # JSONDecodeError and UnicodeDecodeError are both
        raise InvalidDocumentError(gettext_noop("The document is not JSON.")) from error


def _decode(content: bytes) -> object:
    decoded: object = json.loads(
        content.decode("utf-8"),
        parse_constant=_refuse_constant,
        parse_float=_finite,
        parse_int=_integer,
    )
    return decoded


def _refuse_constant(text: str) -> Never:
    raise InvalidDocumentError(gettext_noop("{text} is not a number in JSON.").format(text=text))


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise InvalidDocumentError(gettext_noop("The document has a number that is too large."))
    return number


def _integer(text: str) -> int:
    # Python's own limit can be switched off by the environment, and then long digits take minutes.
    if len(text) > _MAX_DIGITS:
        raise InvalidDocumentError(gettext_noop("The document has a number that is too large."))
    return int(text)


def _clean(value: object, depth: int) -> object:
    if isinstance(value, str):
        return _clean_text(value)
    if not isinstance(value, dict | list):
        return value
    if depth == 0:
        raise InvalidDocumentError(gettext_noop("The document is nested too deeply."))
    if isinstance(value, list):
        return [_clean(item, depth - 1) for item in value]
    return {_clean_text(key): _clean(item, depth - 1) for key, item in value.items()}


def _clean_text(text: str) -> str:
    return text if text.isascii() and "\0" not in text else _UNSTORABLE.sub(_REPLACEMENT, text)


def _word_for(value: object) -> str:
    words = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return words.get(type(value), "number")


def text_of(document: Mapping[str, object], key: str, *, max_length: int = MAX_TEXT_LENGTH) -> str:
    """Give the text under this key, cut to `max_length`; "" when it is missing or no text."""
    value = document.get(key)
    return value[:max_length] if isinstance(value, str) else ""


def flag_of(document: Mapping[str, object], key: str) -> bool:
    """Tell whether the value under this key is JSON's true."""
    return document.get(key) is True


def integer_of(document: Mapping[str, object], key: str) -> int | None:
    """Give the whole number 0 … 2^53-1 under this key, else None."""
    value = document.get(key)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= MAX_INTEGER else None


def object_of(document: Mapping[str, object], key: str) -> Document:
    """Give the object under this key; empty when it is missing or something else."""
    value = document.get(key)
    return value if isinstance(value, dict) else {}


def list_of(
    document: Mapping[str, object], key: str, *, max_items: int = MAX_ITEMS
) -> list[object]:
    """Give the first `max_items` of the list under this key; empty when it is something else."""
    value = document.get(key)
    return value[:max_items] if isinstance(value, list) else []


def strict_list_of(document: Mapping[str, object], key: str, *, max_items: int) -> list[object]:
    """Give the list under this key; a missing or null one is empty.

    Raises InvalidDocumentError when it is something else or longer than `max_items`: a part of
    such a list would be a wrong answer.
    """
    value = document.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise InvalidDocumentError(
            gettext_noop("{excerpt} is not a list.").format(excerpt=excerpt(key))
        )
    if len(value) > max_items:
        raise InvalidDocumentError(
            gettext_noop("{excerpt} has more than {max_items} entries.").format(
                excerpt=excerpt(key), max_items=max_items
            )
        )
    return value


def texts_of(
    document: Mapping[str, object], key: str, *, max_items: int = MAX_ITEMS
) -> tuple[str, ...]:
    """Give the texts in the list under this key, each cut; what is no text is left out."""
    items = list_of(document, key, max_items=max_items)
    return tuple(item[:MAX_TEXT_LENGTH] for item in items if isinstance(item, str))


def names_of(document: Mapping[str, object], key: str) -> tuple[str, ...]:
    """Give the keys of the object under this key, which Go writes for a set: {"80/tcp": {}}."""
    names = list(object_of(document, key))[:MAX_ITEMS]
    return tuple(name[:MAX_TEXT_LENGTH] for name in names)


def pairs_of(document: Mapping[str, object], key: str) -> Pairs:
    """Give the text pairs of the object under this key, at most MAX_PAIRS, in their order.

    Pairs whose value is no text are left out, over-long texts are cut.
    """
    pairs = [
        (name[:MAX_TEXT_LENGTH], value[:MAX_TEXT_LENGTH])
        for name, value in object_of(document, key).items()
        if isinstance(value, str)
    ]
    return tuple(pairs[:MAX_PAIRS])
