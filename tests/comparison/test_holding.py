"""What was compared for one repository is shown for another only if that holds the layers."""

from registryui.catalog.models import Manifest
from registryui.comparison.models import FileComparison
from registryui.contents.models import Listing, Tree
from tests.comparison.pages import address, compared, files_of, full_of_packages, work_through
from tests.contents.site import NAME, SLUG, Site

OTHER = {"a": f"{SLUG}/team/copy:v1", "b": f"{SLUG}/team/copy:v2"}


def copy_names(site: Site) -> None:
    """Let another repository name the same layers, and hold none of them."""
    store = site.sample.store
    for tag in ("v1", "v2"):
        manifest = store.open(NAME).find(tag)
        assert manifest is not None
        store.open("team/copy").put(manifest, tag)
    site.index()


def test_shows_nothing_of_what_was_compared_for_others(administrator, site):
    full_of_packages(site)
    assert files_of(administrator)["state"] == "READY"
    copy_names(site)

    page = compared(administrator, **OTHER)

    assert (page["files"]["state"], page["files"]["rows"], page["packages"]) == ("UNREAD", [], None)
    assert (page["files"]["unread"], page["first"]["files"]) == (2, None)


def test_says_that_the_registry_does_not_have_the_layers_there(administrator, site):
    full_of_packages(site)
    files_of(administrator)
    copy_names(site)

    assert administrator.post(address(**OTHER)).status_code == 303
    assert compared(administrator, **OTHER)["files"]["state"] == "UNDER_WAY"
    work_through()

    files = compared(administrator, **OTHER)["files"]
    assert (files["state"], files["rows"]) == ("UNREAD", [])
    assert "registry does not have this layer" in files["error"]
    assert FileComparison.objects.get().state == FileComparison.State.READY
    assert compared(administrator)["files"]["state"] == "READY"
    assert Manifest.objects.count() == 2


def test_shows_it_once_the_other_repository_proved_to_hold_them(administrator, site):
    full_of_packages(site)
    files_of(administrator)
    copy_names(site)
    store = site.sample.store
    store.open("team/copy").blobs.update(store.open(NAME).blobs)

    for _side in (1, 2):
        administrator.post(address(**OTHER))
        work_through()

    page = compared(administrator, **OTHER)
    assert page["files"]["state"] == "READY"
    assert page["packages"] is not None


def test_names_no_repository_whose_layers_could_not_be_read(administrator, site):
    full_of_packages(site)
    copy_names(site)
    administrator.post(address(**OTHER))
    work_through()

    there, here = compared(administrator, **OTHER)["files"], compared(administrator)["files"]

    assert "team/copy" in there["error"]
    assert "team/copy" not in str(here)
    assert "team/copy" not in FileComparison.objects.get().reason


def test_compares_anew_what_was_compared_before_a_tree_was_made_anew(administrator, site):
    full_of_packages(site)
    files_of(administrator)
    tree = Tree.objects.order_by("pk").last()
    assert tree is not None
    Tree.objects.filter(pk=tree.pk).update(unverified=[str(Listing.objects.last())])
    assert compared(administrator)["files"]["state"] == "UNREAD"

    files_of(administrator)  # makes the tree
    assert files_of(administrator)["state"] == "READY"
    assert tree.pk not in FileComparison.objects.get().trees
