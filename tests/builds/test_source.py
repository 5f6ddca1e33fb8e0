"""Links to source code and to commits."""

import pytest

from registryui.builds.source import commit_link, web_address

SHA = "4f1c6a9d2b7e8035c1d9f0a4b6e7c8d9f0a1b2c3"


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
