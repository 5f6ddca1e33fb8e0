"""Nothing changes a registry but its writer, and only connections.py makes one.

So REGISTRYUI_READ_ONLY, which is asked there, cannot be got around. The import contracts keep the
parts of the writer from everybody else.
"""

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest

import registryui
from registryui.distribution.client import RegistryClient
from registryui.distribution.writer import RegistryWriter

PACKAGE = Path(registryui.__file__).parent
SOURCES = sorted(
    path for path in PACKAGE.rglob("*.py") if "sample" not in path.relative_to(PACKAGE).parts
)
CHANGING_METHODS = {"DELETE", "PATCH", "POST", "PUT"}


@cache
def nodes() -> Sequence[tuple[str, ast.AST]]:
    return [
        (str(path.relative_to(PACKAGE)), node)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call | ast.alias | ast.Constant | ast.Import | ast.ImportFrom)
    ]


def makers_of(name: str) -> set[str]:
    """Return the modules that call something of this name, or give it another one."""
    return {
        module
        for module, node in nodes()
        if (isinstance(node, ast.Call) and name in {*_names(node.func)})
        or (isinstance(node, ast.alias) and node.name.endswith(name) and node.asname)
    }


def _names(called: ast.expr) -> Iterator[str]:
    if isinstance(called, ast.Name):
        yield called.id
    if isinstance(called, ast.Attribute):
        yield called.attr


@pytest.mark.parametrize(
    ("name", "makers"),
    [
        ("RegistryWriter", {"connections.py"}),
        ("Deletions", {"distribution/writer.py"}),
        ("DeletionProbe", {"distribution/writer.py"}),
        ("Pushes", {"distribution/writer.py"}),
        ("Commands", {"distribution/deleting.py", "distribution/pushing.py"}),
        ("Command", {"distribution/deleting.py", "distribution/pushing.py"}),
    ],
)
def test_makes_what_writes_in_one_place(name, makers):
    found = makers_of(name)

    # Django's management commands have the same name as ours.
    assert {module for module in found if "management" not in module} == makers


def test_names_the_methods_that_change_something_in_the_writer_alone():
    found = {
        (module, node.value)
        for module, node in nodes()
        if isinstance(node, ast.Constant) and node.value in CHANGING_METHODS
        if module.startswith("distribution/")
    }

    assert found == {
        ("distribution/deleting.py", "DELETE"),
        ("distribution/pushing.py", "DELETE"),  # of an upload that is cancelled
        ("distribution/pushing.py", "POST"),
        ("distribution/pushing.py", "PUT"),
        # What an Allow header may name.
        *(("distribution/rejections.py", method) for method in CHANGING_METHODS),
        # Token servers take a form.
        ("distribution/token_server.py", "POST"),
        # Docker Hub's web API gives a token to who sends a name and a secret.
        ("distribution/vendors/api.py", "POST"),
        # Which requests always say how long their body is.
        ("distribution/wire.py", "POST"),
        ("distribution/wire.py", "PUT"),
    }


def test_speaks_http_in_the_client_alone():
    importers = {
        module
        for module, node in nodes()
        if (isinstance(node, ast.Import) and any(each.name == "httpx" for each in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "httpx")
    }

    assert {module for module in importers if not module.startswith("distribution/")} == {
        "audit/receivers/webhook.py",  # to whoever is told of the log, which is no registry
        "connections.py",  # for the transports of tests
        "hub/asking.py",  # likewise
    }


def test_reads_with_something_that_cannot_write():
    writes = {name for name in dir(RegistryWriter) if not name.startswith("_")}

    assert writes
    assert not writes & set(dir(RegistryClient))
