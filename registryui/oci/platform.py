"""Platforms: which machines an image runs on (OCI image-spec, image-index.md)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from registryui.oci.document import text_of, texts_of
from registryui.oci.errors import OciError, excerpt
from registryui.oci.marking import gettext_noop

_MAX_LENGTH = 128
_MAX_FEATURES = 20
_PART = r"[^\s/]{1,128}"
_TEXT = re.compile(rf"({_PART})/({_PART})(?:/({_PART}))?(?: ({_PART}))?")
_UNKNOWN = frozenset({"", "unknown"})


class InvalidPlatformError(OciError):
    """The text is no "os/architecture[/variant]"."""


@dataclass(frozen=True, slots=True, order=True)
class Platform:
    """An operating system and an architecture in Go's words, as the document wrote them."""

    os: str
    architecture: str
    variant: str = ""
    os_version: str = ""
    os_features: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` writes: "linux/arm64/v8", "windows/amd64 10.0.17763.1"."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise InvalidPlatformError(
                gettext_noop("{excerpt} is not os/architecture[/variant].").format(
                    excerpt=excerpt(text)
                )
            )
        os, architecture, variant, os_version = match.groups(default="")
        return cls(os, architecture, variant, os_version)

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> Self:
        """Read the platform of a descriptor or the same fields of a config; wrong types are ""."""
        os, architecture, variant, os_version = (
            text_of(document, key, max_length=_MAX_LENGTH)
            for key in ("os", "architecture", "variant", "os.version")
        )
        features = texts_of(document, "os.features", max_items=_MAX_FEATURES)
        return cls(os, architecture, variant, os_version, features)

    @property
    def is_unknown(self) -> bool:
        """Whether it names no platform: BuildKit marks its attestations "unknown/unknown"."""
        return self.os in _UNKNOWN and self.architecture in _UNKNOWN

    @property
    def without_default_variant(self) -> Self:
        """The same platform, with the v8 that arm64 implies left out; compare these."""
        if (self.architecture, self.variant) != ("arm64", "v8"):
            return self
        return type(self)(self.os, self.architecture, "", self.os_version, self.os_features)

    @property
    def short(self) -> str:
        """The least that tells platforms apart: "arm64", "arm/v7", "windows/amd64"."""
        if self.is_unknown:
            return "unknown"
        plain = self.without_default_variant
        parts = [plain.architecture or "unknown", plain.variant]
        if self.os not in {"linux", ""}:
            parts.insert(0, self.os)
        return "/".join(filter(None, parts))

    def __str__(self) -> str:
        parts = [self.os or "unknown", self.architecture or "unknown", self.variant]
        text = "/".join(filter(None, parts))
        return f"{text} {self.os_version}" if self.os_version else text
