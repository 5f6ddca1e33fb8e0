"""Measures pages of one database, as told on the standard input; imported once Django is set up."""

import gzip
import json
import sys
import time
from collections.abc import Mapping

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import images, index_rows, inventory_rows, kinship_rows, large_repository
from registryui.catalog.models import Repository, Tag

LARGE_TAGS = 10_000


def answer(repositories: int) -> None:
    """Fill the database if it is empty, then answer until the input ends.

    First print the addresses of the pages that are worth measuring, by their names, as JSON. Then
    answer each line ``TIMES ADDRESS`` with a line of JSON: the queries, the page's size, and how
    many milliseconds it took each time.
    """
    call_command("migrate", verbosity=0)
    contents = _fill(repositories)
    say(_addresses(contents))
    answer_lines(Client())


def answer_lines(client: Client) -> None:
    """Answer each line of the input until it ends."""
    for line in sys.stdin:
        times, _, address = line.rstrip("\n").partition(" ")
        say(_measured(client, address, int(times)))


def _fill(repositories: int) -> images.Contents:
    if not Repository.objects.exists():
        index_rows.fill(repositories, 10 * repositories)
    if not Repository.objects.filter(registry__slug=large_repository.SLUG).exists():
        contents = large_repository.add(LARGE_TAGS)
        inventory_rows.fill()
        kinship_rows.fill()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
        return contents
    return images.repository(large_repository.NUMBER, LARGE_TAGS)


def _addresses(contents: images.Contents) -> dict[str, str]:
    """Return the pages, each under a name that is the same whatever the database holds."""
    main = "/r/main/"
    large = f"/r/{large_repository.SLUG}/{contents.name}/"
    tag = Tag.objects.filter(is_attached=False, repository__registry__slug="main").first()
    small = tag.repository.get_absolute_url() if tag else ""
    namespace = Repository.objects.filter(name__startswith="api-").values_list("namespace").first()
    held = [digest for digest, content in contents.manifests.items() if b'"layers"' in content]
    return {
        "registries": "/",
        "repositories": main,
        **{
            f"repositories, sort {sort}": f"{main}?sort={sort}"
            for sort in ("-name", "-changed", "changed", "-tags", "tags", "-size", "size")
        },
        "repositories, page 20": f"{main}?page=20",
        "repositories, middle page": f"{main}?page={_middle_page()}",
        "repositories, last page": f"{main}?page=99999999",
        "repositories, last page by size": f"{main}?sort=-size&page=99999999",
        "repositories, namespace": f"{main}?namespace={namespace[0] if namespace else ''}",
        "repositories, library": f"{main}?namespace=library",
        "repositories, filter that one matches": f"{main}?q={tag.repository.name if tag else ''}",
        "repositories, filter that many match": f"{main}?q=api",
        "repositories, filter of one letter": f"{main}?q=a",
        "a repository with 10 tags": small,
        "10,000 tags": large,
        **{
            f"10,000 tags, sort {sort}": f"{large}?sort={sort}"
            for sort in ("version", "name", "-size", "-created", "-first-seen")
        },
        "10,000 tags, each tag": f"{large}?view=tags",
        "10,000 tags, filter": f"{large}?q=1.7",
        "10,000 tags, filter of one letter": f"{large}?q=1",
        "10,000 tags, platform": f"{large}?platform=linux/arm64",
        "10,000 tags, last page": f"{large}?page=99999999",
        "10,000 tags, last page by size": f"{large}?sort=-size&page=99999999",
        "tag": f"{large}-/tags/1.500.0/",
        "tag that is alone": f"{large}-/tags/1.500.2/",
        "manifest": f"{large}-/manifests/{held[0]}/",
        "manifest, raw": f"{large}-/manifests/{held[0]}/raw/",
        "inventory": "/inventory/",
        "inventory of a registry": "/inventory/?registry=second",
        "inventory, page 20": "/inventory/?page=20",
        **{
            f"inventory, sort {sort}": f"/inventory/?sort={sort}"
            for sort in ("-name", "-size", "created", "-first-seen")
        },
        "inventory, finding of many": "/inventory/?finding=root",
        "inventory, finding of few": "/inventory/?finding=secret",
        "inventory, two findings": "/inventory/?finding=root,no-source",
        "inventory, namespace": f"/inventory/?repository={namespace[0] if namespace else ''}/*",
        "inventory, filter that one matches": f"/inventory/?q={tag.repository.name if tag else ''}",
        "inventory, filter that many match": "/inventory/?q=api",
        "inventory, platform": "/inventory/?platform=linux/arm64",
        "inventory, sums": "/inventory/summary/",
        **kinship_rows.addresses(),
        "search for a name": "/search/?q=nginx",
        "search for a tag": "/search/?q=1.2.3-alpine",
        "search for a digest": f"/search/?q={held[0]}",
        "search for two words": "/search/?q=api+latest",
    }


def _middle_page() -> int:
    rows = Repository.objects.filter(registry__slug="main").count()
    return rows // int(settings.PAGE_SIZE) // 2


def _measured(client: Client, address: str, times: int) -> dict[str, object]:
    """Ask once for the queries and to warm up, then for the times."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    if response.status_code != 200:
        raise SystemExit(f"{address} was answered with {response.status_code}.")
    queries = len(captured)  # the next request forgets them
    return {
        "queries": queries,
        "bytes": len(response.content),
        "gzip": len(gzip.compress(response.content, 6)),
        "ms": [_milliseconds(client, address) for _ in range(times)],
    }


def _milliseconds(client: Client, address: str) -> float:
    started = time.perf_counter()
    client.get(address)
    return (time.perf_counter() - started) * 1000


def say(what: Mapping[str, object]) -> None:
    """Tell the process that asks."""
    print(json.dumps(what), flush=True)
