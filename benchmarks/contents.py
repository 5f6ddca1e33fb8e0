"""What looking into an image costs: its first listing against ``curl | tar tz``, then its pages.

``python -m benchmarks.contents [--entries N] [--megabytes N] [--rounds N]``

An image of one gzip layer is pushed to docker-registry. In each round both read it from there, in
turn; what we do beside listing is to verify, to hash every file, to store and to keep a copy.
"""

import argparse
import gzip
import hashlib
import json
import random
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from statistics import median

from benchmarks.processes import Run, run
from benchmarks.tables import table
from tests.real.processes import docker_registry
from tests.real.skopeo import Skopeo

MIB = 1024 * 1024
SET_UP = "import django; django.setup(); from benchmarks.contents_times import main; main()"
MANAGE = Path(__file__).parents[1] / "manage.py"
# Listing by tar hashes nothing and stores nothing.
BAR_RATIO, BAR_BYTES = 6.0, 200 * MIB
CONFIG = b'{"architecture":"amd64","os":"linux"}'


def main(arguments: Sequence[str]) -> int:
    """Measure and print two tables; return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="registryui-bench-") as name:
        folder = Path(name)
        digest = make_layout(folder / "layout", chosen.entries, chosen.megabytes * MIB)
        with docker_registry(folder / "registry") as server:
            Skopeo(server.host).copy(f"oci:{folder / 'layout'}:v1", "bench:v1")
            address = f"{server.url}/v2/bench/blobs/{digest}"
            listing = ("sh", "-c", f"curl --silent --fail {address} | tar tzv | wc --lines")
            rounds = [
                (run(listing), measured(server.url, folder / f"index-{number}.sqlite3"))
                for number in range(chosen.rounds)
            ]
    return report(rounds, chosen.entries, chosen.megabytes)


def measured(registry: str, database: Path) -> Run:
    """Read the image in a process as a worker's is, into an index that is there already."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "REGISTRYUI_REGISTRY_URL": registry,
        "REGISTRYUI_DATABASE_URL": f"sqlite:///{database}",
    }
    run((sys.executable, MANAGE, "migrate", "--verbosity", "0"), environment)
    return run((sys.executable, "-c", SET_UP), environment)


def make_layout(folder: Path, entries: int, size: int) -> str:
    """Write an image of one layer of noise in so many files; return the layer's digest."""
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)
    layer = blobs / "layer"
    _write_layer(layer, entries, size // entries)
    digest = hashlib.file_digest(layer.open("rb"), "sha256").hexdigest()
    layer = layer.rename(blobs / digest)
    config = _put(blobs, CONFIG, "application/vnd.oci.image.config.v1+json")
    gzipped = "application/vnd.oci.image.layer.v1.tar+gzip"
    described = {"mediaType": gzipped, "digest": f"sha256:{digest}", "size": layer.stat().st_size}
    kind = "application/vnd.oci.image.manifest.v1+json"
    manifest = {"schemaVersion": 2, "mediaType": kind, "config": config, "layers": [described]}
    entry = _put(blobs, json.dumps(manifest).encode(), kind)
    entry["annotations"] = {"org.opencontainers.image.ref.name": "v1"}
    index = {"schemaVersion": 2, "manifests": [entry]}
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}', encoding="utf-8")
    return f"sha256:{digest}"


def _write_layer(path: Path, entries: int, size: int) -> None:
    noise = random.Random(1).randbytes(size + entries)
    with gzip.open(path, "wb", 1) as packed, tarfile.open(fileobj=packed, mode="w|") as archive:
        for number in range(entries):
            member = tarfile.TarInfo(f"usr/lib/package-{number // 200}/module_{number}.py")
            member.size, member.mtime = size, 1_700_000_000 + number
            archive.addfile(member, BytesIO(noise[number : number + size]))


def _put(blobs: Path, content: bytes, kind: str) -> dict[str, object]:
    digest = hashlib.sha256(content).hexdigest()
    (blobs / digest).write_bytes(content)
    return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(content)}


def report(rounds: Sequence[tuple[Run, Run]], entries: int, megabytes: int) -> int:
    """Print what was measured; return 1 if a bar is missed."""
    answers = [json.loads(ours.output) for _, ours in rounds]
    ratios = [answer["first"] / theirs.seconds for (theirs, _), answer in zip(rounds, answers)]  # noqa: B905  made together
    peak = max(answer["own_bytes"] for answer in answers)
    print(f"One gzip layer of {megabytes} MiB, {entries:,} files, {len(rounds)} rounds\n")
    rows = [
        ("`curl` into `tar tzv`", f"{median(each.seconds for each, _ in rounds):.1f} s", "1.00"),
        ("first listing", f"{_median(answers, 'first'):.1f} s", f"{median(ratios):.2f}"),
        ("merging into a tree", f"{_median(answers, 'merge'):.1f} s", ""),
    ]
    print(table(("what", "median", "ratio"), rows))
    pages = [
        (name, f"{_median(answers, name):.0f} ms", f"{answers[0]['requests'].get(name, 0)}")
        for name in ("root", "directory", "search", "open a file", "open another")
    ]
    print(table(("page", "median", "requests to the registry"), pages))
    whole = max(ours.peak_bytes for _, ours in rounds)
    print(f"Most memory: {peak / MIB:.0f} MiB, with mapped files {whole / MIB:.0f} MiB\n")
    return int(median(ratios) > BAR_RATIO or peak > BAR_BYTES)


def _median(answers: Sequence[dict[str, float]], name: str) -> float:
    return median(answer[name] for answer in answers)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
