"""WebAssembly modules: what one wants from whoever runs it, and what it offers (core spec, 5.5).

Only the sections with these names are read, within bounds; the code is skipped and never run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from registryui.oci.errors import OciError
from registryui.oci.marking import gettext_noop

Item = TypeVar("Item")

MAGIC = b"\0asm"
MOST_NAMES = 1000
_MODULE, _COMPONENT = b"\x01\0\0\0", b"\x0d\0\x01\0"
_IMPORTS, _EXPORTS = 2, 7
_KINDS = ("function", "table", "memory", "global", "tag")
# References to types by their number (the garbage collection proposal) have a number after them.
_LONG_TYPES = (0x63, 0x64)


class InvalidModuleError(OciError):
    """The bytes are no WebAssembly module, or are damaged before what was to be read."""


@dataclass(frozen=True, slots=True)
class Import:
    """Something that a module wants; `kind` is function, table, memory, global or tag."""

    module: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Export:
    """Something that a module offers."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Module:
    """What a module wants and offers; a component's interfaces are not read.

    `is_cut` says that there is more, or that the rest was not understood.
    """

    imports: tuple[Import, ...] = ()
    exports: tuple[Export, ...] = ()
    is_component: bool = False
    is_cut: bool = False


def parse_module(content: bytes) -> Module:
    """Read the beginning of a module, or all of it; raise InvalidModuleError for what is none."""
    version = content[4:8]
    if content[:4] != MAGIC or version not in (_MODULE, _COMPONENT):
        raise InvalidModuleError(gettext_noop("This is no WebAssembly module."))
    if version == _COMPONENT:
        return Module(is_component=True)
    imports: list[Import] = []
    exports: list[Export] = []
    try:
        for number, section in _sections(_Bytes(content, 8, len(content))):
            if number == _IMPORTS:
                _fill(imports, section, _import)
            elif number == _EXPORTS:
                _fill(exports, section, _export)
    except InvalidModuleError:
        return Module(tuple(imports), tuple(exports), is_cut=True)
    return Module(tuple(imports), tuple(exports))


def _sections(content: "_Bytes") -> Iterator[tuple[int, "_Bytes"]]:
    while content.at < content.end:
        number, size = content.byte(), content.number()
        if content.at + size > content.end and number not in (_IMPORTS, _EXPORTS):
            raise InvalidModuleError(gettext_noop("The module is cut off."))
        yield number, _Bytes(content.content, content.at, min(content.at + size, content.end))
        content.at += size


def _fill(found: list[Item], section: "_Bytes", read: Callable[["_Bytes"], Item]) -> None:
    for _ in range(section.number()):
        if len(found) >= MOST_NAMES:
            raise InvalidModuleError(gettext_noop("The module has more names than are read."))
        found.append(read(section))


def _import(section: "_Bytes") -> Import:
    module, name = section.text(), section.text()
    kind = section.kind()
    if kind == "function":
        section.number()
    elif kind == "table":
        section.type()
        section.limits()
    elif kind == "memory":
        section.limits()
    elif kind == "global":
        section.type()
        section.byte()
    else:
        section.byte()
        section.number()
    return Import(module, name, kind)


def _export(section: "_Bytes") -> Export:
    name, kind = section.text(), section.kind()
    section.number()
    return Export(name, kind)


@dataclass(slots=True)
class _Bytes:
    """A part of a module that is read from its beginning on."""

    content: bytes
    at: int
    end: int

    def byte(self) -> int:
        if self.at >= self.end:
            raise InvalidModuleError(gettext_noop("The module is cut off."))
        self.at += 1
        return self.content[self.at - 1]

    def number(self, *, longest: int = 5) -> int:
        """Read an unsigned number in LEB128."""
        value = 0
        for place in range(longest):
            byte = self.byte()
            value |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                return value
        raise InvalidModuleError(gettext_noop("A number in the module is too long."))

    def text(self) -> str:
        size = self.number()
        if size > self.end - self.at:
            raise InvalidModuleError(gettext_noop("A name in the module is cut off."))
        self.at += size
        return self.content[self.at - size : self.at].decode("utf-8", errors="replace")

    def kind(self) -> str:
        number = self.byte()
        if number >= len(_KINDS):
            raise InvalidModuleError(gettext_noop("The module has something unknown."))
        return _KINDS[number]

    def type(self) -> None:
        if self.byte() in _LONG_TYPES:
            self.number()

    def limits(self) -> None:
        flags = self.byte()
        self.number(longest=10)
        if flags & 1:
            self.number(longest=10)
