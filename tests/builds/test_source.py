"""Addresses of source code and of commits."""

import pytest

from registryui.builds.source import (
    branch_in,
    commit_link,
    read_source,
    short_branch,
    web_address,
)

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


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("https://github.example/a/b.git", f"https://github.example/a/b/commit/{SHA}"),
        ("https://gitlab.example/a/b/c", f"https://gitlab.example/a/b/c/-/commit/{SHA}"),
        ("git@gitea.example:a/b.git", f"https://gitea.example/a/b/commit/{SHA}"),
        ("ssh://git@github.example:22/a/b", f"https://github.example/a/b/commit/{SHA}"),
        ("https://bitbucket.example/a/b/", f"https://bitbucket.example/a/b/commits/{SHA}"),
        ("https://code.example/a/b", ""),
        ("https://github.example/a", ""),
        ("https://github.example/a/b?x=1", ""),
        ("https://evil.example/github.example/a/b", ""),
        ("javascript:alert(1)", ""),
        ("https://github.example:99999/a/b", ""),
    ],
)
def test_links_commits_where_the_form_is_known(source, link):
    assert commit_link(source, SHA) == link


def test_links_no_commit_that_is_none():
    assert commit_link("https://github.example/a/b", "../../x") == ""


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("https://code.example/a/b.git", "https://code.example/a/b"),
        ("git@code.example:a/b.git", ""),
        ("ssh://[half", ""),
        ("data:text/html,x", ""),
        ("file:///etc", ""),
    ],
)
def test_leads_browsers_only_where_they_can_go(source, address):
    assert web_address(source) == address


def test_calls_branches_as_people_do():
    refs = ("refs/heads/a/b", "refs/tags/v1", "main", "deadbeef")

    assert [short_branch(each) for each in refs] == ["a/b", "v1", "main", "deadbeef"]
    assert [branch_in(each) for each in refs] == ["a/b", "v1", "main", ""]
