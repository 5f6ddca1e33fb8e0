"""A whole registry."""

from registryui.catalog.models import (
    Tag,
)
from registryui.sample import builder
from tests.sync.conftest import Sync


def test_indexes_what_the_registry_holds(sync: Sync) -> None:
    digest = builder.image(sync.sample, "library/app", "1.0", layers=3)
    builder.image(sync.sample, "tools", "2.0")

    result = sync.run()

    assert (result.repositories, result.tags, result.new_manifests, result.error) == (2, 2, 2, "")
    assert result.is_complete
    tag = Tag.objects.get(repository__name="library/app")
    assert (tag.name, tag.manifest.digest) == ("1.0", str(digest))
    assert tag.manifest.layers.count() == 3
    assert (tag.repository.namespace, tag.repository.newest_tag) == ("library", "1.0")
    assert sync.registry.tag_count == 2
    assert sync.registry.has_catalog
    assert sync.registry.last_success_at == sync.now
