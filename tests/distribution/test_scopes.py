from registryui.distribution.scopes import normalise, pull_scope


def test_sorts_scopes_and_their_actions():
    assert normalise("repository:c/d:pull repository:a/b:push,pull") == (
        "repository:a/b:pull,push",
        "repository:c/d:pull",
    )


def test_merges_actions_on_one_repository():
    assert normalise("repository:a:pull", "repository:a:pull,push") == ("repository:a:pull,push",)


def test_cuts_at_the_last_colon():
    assert normalise("repository:host:5000/a:push,pull") == ("repository:host:5000/a:pull,push",)


def test_keeps_what_is_no_scope():
    assert normalise("*") == ("*",)


def test_gives_nothing_for_nothing():
    assert normalise("") == ()


def test_spells_the_scope_of_a_pull():
    assert pull_scope("a/b") == "repository:a/b:pull"
