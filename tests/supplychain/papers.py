"""Documents as tools write them, cut to what matters."""

from typing import Any

SPDX: dict[str, Any] = {
    "spdxVersion": "SPDX-2.3",
    "SPDXID": "SPDXRef-DOCUMENT",
    "name": "image",
    "documentDescribes": ["SPDXRef-image"],
    "creationInfo": {"created": "2026-10-01T10:00:00Z", "creators": ["Tool: syft-1.20.0"]},
    "packages": [
        {"SPDXID": "SPDXRef-image", "name": "registry.example/app", "versionInfo": "1"},
        {
            "SPDXID": "SPDXRef-1",
            "name": "openssl",
            "versionInfo": "3.0.1-1ubuntu2",
            "externalRefs": [
                {"referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:x"},
                {
                    "referenceType": "purl",
                    "referenceLocator": "pkg:deb/ubuntu/openssl@3.0.1-1ubuntu2?arch=amd64",
                },
            ],
        },
        {"SPDXID": "SPDXRef-2", "name": "zlib", "versionInfo": "1.3.1"},
        {"SPDXID": "SPDXRef-3", "name": "zlib", "versionInfo": "1.3.1"},
    ],
}
CYCLONEDX: dict[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "metadata": {
        "timestamp": "2026-10-02T10:00:00Z",
        "tools": {"components": [{"name": "trivy", "version": "0.60.0"}]},
    },
    "components": [
        {"type": "operating-system", "name": "debian", "version": "12"},
        {
            "type": "library",
            "name": "core",
            "group": "@angular",
            "version": "19.0.0",
            "purl": "pkg:npm/%40angular/core@19.0.0",
            "components": [{"type": "library", "name": "inner", "version": "2"}],
        },
    ],
}
TRIVY: dict[str, Any] = {
    "SchemaVersion": 2,
    "CreatedAt": "2026-10-03T10:00:00Z",
    "ArtifactName": "registry.example/app:1",
    "Results": [
        {
            "Target": "debian",
            "Vulnerabilities": [
                {
                    "VulnerabilityID": "CVE-2022-3602",
                    "PkgName": "openssl",
                    "InstalledVersion": "3.0.1-1ubuntu2",
                    "FixedVersion": "3.0.7",
                    "Severity": "HIGH",
                    "Title": "X.509 Email Address Buffer Overflow",
                },
                {"VulnerabilityID": "CVE-2023-0001", "PkgName": "zlib", "Severity": "CRITICAL"},
            ],
        }
    ],
}
GRYPE: dict[str, Any] = {
    "matches": [
        {
            "vulnerability": {
                "id": "GHSA-aaaa-bbbb-cccc",
                "severity": "Medium",
                "fix": {"versions": ["2.0"]},
            },
            "artifact": {"name": "left-pad", "version": "1.0"},
        }
    ],
    "descriptor": {"name": "grype", "version": "0.90.0", "timestamp": "2026-10-04T10:00:00Z"},
}
SARIF: dict[str, Any] = {
    "version": "2.1.0",
    "runs": [
        {
            "tool": {
                "driver": {
                    "name": "Scanner",
                    "version": "1.2",
                    "rules": [{"id": "CVE-1", "properties": {"security-severity": "9.8"}}],
                }
            },
            "results": [
                {"ruleId": "CVE-1", "level": "error", "message": {"text": "It is bad."}},
                {"ruleId": "CVE-2", "level": "warning", "message": {"text": "It is not so bad."}},
            ],
        }
    ],
}
OPENVEX: dict[str, Any] = {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "author": "security team",
    "timestamp": "2026-10-05T10:00:00Z",
    "statements": [
        {
            "vulnerability": {"name": "CVE-2022-3602"},
            "products": [
                {"@id": "pkg:oci/app", "subcomponents": [{"@id": "pkg:deb/ubuntu/openssl@3.0.1"}]}
            ],
            "status": "not_affected",
            "justification": "vulnerable_code_not_in_execute_path",
        }
    ],
}
SLSA: dict[str, Any] = {
    "buildDefinition": {
        "buildType": "https://build.example/type",
        "externalParameters": {
            "configSource": {"uri": "https://git.example/app.git", "digest": {"sha1": "abc"}},
            "request": {"args": {"build-arg:TOKEN": "s3cret-value", "target": "release"}},
        },
        "resolvedDependencies": [
            {"uri": "pkg:docker/debian@12", "digest": {"sha256": "ab" * 32}},
        ],
    },
    "runDetails": {
        "builder": {"id": "https://ci.example/builders/1"},
        "metadata": {"finishedOn": "2026-10-06T10:00:00Z"},
    },
}
SLSA_OLD: dict[str, Any] = {
    "builder": {"id": "https://ci.example/builders/old"},
    "buildType": "https://build.example/old",
    "invocation": {
        "configSource": {
            "uri": "https://git.example/old.git",
            "digest": {"sha1": "def"},
            "entryPoint": "Dockerfile",
        },
        "parameters": {"frontend": "dockerfile.v0"},
    },
    "materials": [{"uri": "pkg:docker/alpine@3", "digest": {"sha256": "cd" * 32}}],
    "metadata": {"buildFinishedOn": "2025-10-06T10:00:00Z"},
}
