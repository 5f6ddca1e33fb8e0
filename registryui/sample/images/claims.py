"""What builders claim about an image: SLSA provenance and a SPDX bill of materials, as BuildKit."""

from collections.abc import Mapping, Sequence

from registryui.oci.digest import Digest

PROVENANCE = "https://slsa.dev/provenance/v1"
PROVENANCE_OLD = "https://slsa.dev/provenance/v0.2"
SBOM = "https://spdx.dev/Document"
BUILD_TYPE = "https://mobyproject.org/buildkit@v1"


def provenance(*, source: str, revision: str, built: str, base: str) -> dict[str, object]:
    """SLSA 1.0 in BuildKit's form: where the source was, what it was built on, and when."""
    return {
        "buildDefinition": {
            "buildType": "https://github.com/moby/buildkit/blob/master/docs/attestations/"
            "slsa-definitions.md",
            "externalParameters": {
                "configSource": {
                    "uri": f"{source}.git#refs/heads/main",
                    "digest": {"sha1": revision},
                    "path": "Dockerfile",
                },
                "request": {"frontend": "dockerfile.v0", "args": {"build-arg:TARGET": "release"}},
            },
            "internalParameters": {"builderPlatform": "linux/amd64"},
            "resolvedDependencies": [_dependency(base)],
        },
        "runDetails": {
            "builder": {"id": "https://ci.example/builders/buildkit"},
            "metadata": {
                "invocationID": revision[:24],
                "startedOn": built,
                "finishedOn": built,
                "buildkit_metadata": {"vcs": {"source": f"{source}.git", "revision": revision}},
            },
        },
    }


def provenance_old(*, source: str, revision: str, built: str, base: str) -> dict[str, object]:
    """SLSA 0.2, which BuildKit wrote until 2025."""
    return {
        "builder": {"id": "https://ci.example/builders/buildkit"},
        "buildType": BUILD_TYPE,
        "materials": [_dependency(base)],
        "invocation": {
            "configSource": {
                "uri": f"{source}.git#refs/heads/main",
                "digest": {"sha1": revision},
                "entryPoint": "Dockerfile",
            },
            "parameters": {"frontend": "dockerfile.v0"},
            "environment": {"platform": "linux/amd64"},
        },
        "metadata": {
            "buildStartedOn": built,
            "buildFinishedOn": built,
            "completeness": {"parameters": True, "environment": True, "materials": False},
            "reproducible": False,
        },
    }


def sbom(name: str, packages: Mapping[str, str], *, created: str) -> dict[str, object]:
    """SPDX 2.3: the packages by name and version."""
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": name,
        "documentNamespace": f"https://sbom.example/{name}",
        "creationInfo": {"created": created, "creators": ["Tool: sample-scanner-1.4.0"]},
        "packages": _packages(packages),
        "relationships": [],
    }


def _packages(packages: Mapping[str, str]) -> Sequence[Mapping[str, object]]:
    return [
        {
            "name": name,
            "SPDXID": f"SPDXRef-Package-{name}",
            "versionInfo": version,
            "downloadLocation": "NOASSERTION",
            "licenseConcluded": "NOASSERTION",
            "externalRefs": [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": f"pkg:deb/ubuntu/{name}@{version}",
                }
            ],
        }
        for name, version in packages.items()
    ]


def _dependency(reference: str) -> dict[str, object]:
    name, _, tag = reference.partition(":")
    digest = Digest.of(reference.encode()).encoded
    return {"uri": f"pkg:docker/{name}@{tag}?platform=linux%2Famd64", "digest": {"sha256": digest}}
