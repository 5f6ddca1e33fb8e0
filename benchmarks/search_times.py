"""The searches that are measured, and their times; imported once Django is set up."""

import statistics
import time

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks import index_rows

# Each once more with another word, so that no single lucky word decides.
SEARCHES: dict[str, tuple[str, ...]] = {
    "part of a repository": ("q=api", "q=nginx", "q=service", "q=ubuntu-centos"),
    "part of a tag": ("q=alpine", "q=1.2", "q=2025-0", "q=1.2.3-alpine"),
    "tag that most have": ("q=latest", "q=stable", "q=latest&kind=tags&page=20"),
    "one or two characters": ("q=a", "q=1", "q=v1", "q=ce"),
    "two words": ("q=nginx+latest", "q=api+1.2", "q=ubuntu+centos", "q=a+service"),
    "three words": ("q=team+api+gateway", "q=nginx+alpine+1.2", "q=library+cache+latest"),
    "repository:tag": ("q=cache:latest", "q=library/nginx:1", "q=api:", "q=:2025"),
    "nothing": ("q=zzzzz", "q=zzz+yyy", "q=sha256:0000000000000", "q=none%3D"),
    "digest": ("q={digest}", "q={short}", "q=sha256:ab12", "q=cafe"),
    "layer that many share": ("q={base}", "q=app+{base}"),
    "label": ("q=maintainer%3Dapi", "q=vendor%3D", "q=revision%3Dab", "q=maintainer%3D"),
    "label and more": ("q=nginx+maintainer%3D", "q=vendor%3DExample+maintainer%3Dapi"),
    "platform": ("q=linux/arm64", "q=arm64", "q=nginx+arm64", "q=linux/arm/v7+vendor%3D"),
    "one registry": ("q=latest&registry=small", "q=api&registry=second", "q=1.2&registry=small"),
    "one platform": ("q=latest&platform=linux/arm/v7", "q=api&platform=linux/arm64"),
    "signature tags": ("q=sha256-ab&kind=attached", "q=api+sha256-a&kind=attached"),
    "as JSON": ("q=api&format=json", "q=latest&kind=tags&format=json"),
}


def fill(repositories: int, tags: int) -> None:
    """Make the tables and fill them."""
    started = time.perf_counter()
    call_command("migrate", verbosity=0)
    index_rows.fill(repositories, tags)
    seconds = time.perf_counter() - started
    print(f"Filled {connection.vendor} in {seconds:.0f} s: ", end="")
    print(f"{repositories:,} repositories, {tags:,} tags.\n")


def measure(rounds: int) -> float:
    """Print a table of all searches, and return the slowest 95th percentile in milliseconds."""
    names = {
        "digest": index_rows.digest_of(7),
        "short": index_rows.digest_of(8).partition(":")[2][:12],
        "base": index_rows.base_digest_of(0),
    }
    client = Client()
    client.get("/search/?q=api")  # compiles the templates
    slowest = 0.0
    print("```text")
    print(f"{'search':40} {'p50 ms':>8} {'p95 ms':>8} {'queries':>8}")
    for kind, queries in SEARCHES.items():
        print(kind)
        for query in queries:
            slowest = max(slowest, _row(client, query.format(**names), rounds))
    print("```")
    connection.close()
    return slowest


def _row(client: Client, query: str, rounds: int) -> float:
    """Print the times of one search in milliseconds, and return the 95th percentile."""
    address = f"/search/?{query}"
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    asked = len(captured)  # the next request forgets them
    times = sorted(_milliseconds(client, address) for _ in range(rounds))
    p95 = times[max(0, -(-95 * rounds // 100) - 1)]
    shown = query if len(query) <= 37 else f"{query[:36]}…"
    print(f"  {shown:38} {statistics.median(times):8.1f} {p95:8.1f} {asked:8}")
    return p95


def _milliseconds(client: Client, address: str) -> float:
    started = time.perf_counter()
    response = client.get(address)
    elapsed = time.perf_counter() - started
    if response.status_code != 200:
        raise SystemExit(f"{address} was answered with {response.status_code}.")
    return elapsed * 1000
