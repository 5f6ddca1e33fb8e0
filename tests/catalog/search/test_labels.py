from registryui.catalog.search import labels
from registryui.catalog.search.labels import LabelFound, find_labels, key_names
from registryui.catalog.search.scope import Scope
from tests.catalog.search.rows import everywhere, make_image, make_repository, parsed


def search(text: str) -> list[tuple[str, str, int]]:
    found, _ = find_labels(parsed(text), everywhere())
    return [(each.key, each.value, each.image_count) for each in found]


def test_lists_the_values_of_a_key_with_how_many_images_have_them(main):
    repository = make_repository(main, "team/app")
    make_image(repository, "one", labels=[("maintainer", "b"), ("maintainer2", "x")])
    make_image(repository, "two", labels=[("maintainer", "b")])
    make_image(repository, "three", labels=[("maintainer", "a"), ("other", "b")])

    assert search("maintainer=") == [("maintainer", "a", 1), ("maintainer", "b", 2)]
    assert search("maintainer=b") == [("maintainer", "b", 2)]
    assert search("none=") == []


def test_puts_the_exact_value_first(main):
    repository = make_repository(main, "team/app")
    for value in ("team", "team-a", "te"):
        make_image(repository, value, labels=[("maintainer", value)])

    assert search("maintainer=team") == [("maintainer", "team", 1), ("maintainer", "team-a", 1)]


def test_knows_the_long_names_of_short_keys(main):
    repository = make_repository(main, "team/app")
    make_image(repository, "one", labels=[("org.opencontainers.image.version", "1.27")])
    make_image(repository, "two", labels=[("org.label-schema.version", "1.2")])

    assert search("version=1.2") == [
        ("org.label-schema.version", "1.2", 1),
        ("org.opencontainers.image.version", "1.27", 1),
    ]
    assert key_names("a.b") == ("a.b",)


def test_answers_only_when_nothing_but_one_label_is_looked_for(main):
    make_image(make_repository(main, "team/app"), "one", labels=[("a", "1"), ("b", "1")])

    assert search("app a=") == []
    assert search("a= b=") == []
    assert search("app") == []


def test_counts_only_what_may_be_shown(main, hidden):
    make_image(make_repository(hidden, "team/app"), "one", labels=[("only", "here")])

    assert search("only=") == []
    assert find_labels(parsed("only="), Scope(())) == ((), False)


def test_stops_at_its_bounds_and_says_so(main, monkeypatch):
    monkeypatch.setattr(labels, "MOST_VALUES", 2)
    monkeypatch.setattr(labels, "MOST_IMAGES", 2)
    repository = make_repository(main, "team/app")
    for number in range(4):
        make_image(repository, f"a{number}", labels=[("same", "value")])
        make_image(repository, f"b{number}", labels=[("each", str(number))])

    found, is_more = find_labels(parsed("each="), everywhere())

    assert (len(found), is_more) == (2, True)
    assert search("same=") == [("same", "value", 3)]


def test_can_be_typed_again():
    assert LabelFound("a", "b", 1).as_typed == "a=b"
    assert LabelFound("a", "b c", 1).as_typed == '"a=b c"'
    assert LabelFound("a", 'b "c" d', 1).as_typed == '"a=b "'
