"""Addresses of source code, as they are written."""

import pytest

from registryui.oci.source import branch_in, read_source, short_branch

SHA = "4f1c6a9d2b7e8035c1d9f0a4b6e7c8d9f0a1b2c3"


@pytest.mark.parametrize(
    ("text", "address", "branch"),
    [
        ("https://git.example/a/b.git#refs/heads/main", "https://git.example/a/b.git", "main"),
        ("git+https://git.example/a/b@refs/tags/v1", "https://git.example/a/b", "v1"),
        ("https://user:secret@git.example/a/b", "https://git.example/a/b", ""),
        ("https://git.example/a/b#main:sub/folder", "https://git.example/a/b", "main"),
        (f"https://git.example/a/b#{SHA}", "https://git.example/a/b", ""),
        ("git@git.example:a/b.git", "git@git.example:a/b.git", ""),
        ("", "", ""),
    ],
)
def test_reads_addresses_as_builders_write_them(text, address, branch):
    source = read_source(text)

    assert (source.address, source.branch) == (address, branch)


def test_calls_branches_as_people_do():
    refs = ("refs/heads/a/b", "refs/tags/v1", "main", "deadbeef")

    assert [short_branch(each) for each in refs] == ["a/b", "v1", "main", "deadbeef"]
    assert [branch_in(each) for each in refs] == ["a/b", "v1", "main", ""]
