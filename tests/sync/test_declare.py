"""Declarations become rows."""

import pytest

from registryui.catalog.models import Registry
from registryui.declarations import Declaration
from registryui.sync.declare import declare_registries

pytestmark = pytest.mark.django_db

ONE = Declaration("one", "https://one.registry.example", title="One")
TWO = Declaration("two", "https://two.registry.example:5000", public_host="registry.example")


def test_adds_registries_in_their_order() -> None:
    declare_registries([TWO, ONE])

    assert [registry.slug for registry in Registry.objects.declared()] == ["two", "one"]
    assert Registry.objects.get(slug="one").client_host == "one.registry.example"
    assert Registry.objects.get(slug="two").client_host == "registry.example"


def test_updates_what_has_changed_and_keeps_the_rest() -> None:
    declare_registries([ONE])
    Registry.objects.update(tag_count=7)

    declare_registries([Declaration("one", "https://new.registry.example")])

    registry = Registry.objects.get()
    assert (registry.base_url, registry.title) == ("https://new.registry.example", "")
    assert registry.tag_count == 7


def test_keeps_the_index_of_what_is_no_longer_declared() -> None:
    declare_registries([ONE, TWO])

    declare_registries([TWO])

    assert [registry.slug for registry in Registry.objects.declared()] == ["two"]
    assert Registry.objects.count() == 2


def test_takes_a_registry_back() -> None:
    declare_registries([ONE])
    declare_registries([])

    declare_registries([ONE])

    assert Registry.objects.get().is_declared
