"""What registries hold beside images: Helm charts, WebAssembly, files and build caches."""

from registryui.oci import media_types
from registryui.oci.digest import Digest
from registryui.sample.archives import gzip, tar
from registryui.sample.builder import artifact, push, push_blob
from registryui.sample.images.recipe import KIB, MIB, material
from registryui.sample.placing import compact
from registryui.sample.registry import SampleRegistry


def push_artifacts(registry: SampleRegistry) -> None:
    for version in ("0.8.2", "0.9.0", "1.0.0", "1.1.0", "1.2.0-beta.1"):
        _push_chart(registry, "gateway", version, f"2.{version.split('.')[1]}.0")
    for version in ("4.12.0", "4.12.1", "5.0.0"):
        _push_chart(registry, "postgres-operator", version, "17.2")
    _push_wasm(registry)
    _push_files(registry)
    _push_cache(registry)


def _push_chart(registry: SampleRegistry, name: str, version: str, app_version: str) -> None:
    chart = {
        "name": name,
        "version": version,
        "appVersion": app_version,
        "apiVersion": "v2",
        "type": "application",
        "description": f"Deploys {name} with sensible defaults",
        "home": f"https://docs.example/charts/{name}",
        "sources": [f"https://git.example/charts/{name}"],
        "keywords": ["platform", name],
        "kubeVersion": ">=1.28.0-0",
        "maintainers": [{"name": "platform-team", "email": "platform-team@mail.example"}],
        "dependencies": [
            {"name": "common", "version": "2.x.x", "repository": "oci://registry.example/charts"},
            {
                "name": "redis",
                "version": "^20.0.0",
                "repository": "https://charts.example",
                "condition": "cache.enabled",
                "alias": "cache",
            },
        ],
    }
    files = {f"{name}/{path}": content for path, content in _chart_files(name).items()}
    files[f"{name}/Chart.yaml"] = compact(chart)
    artifact(
        registry,
        f"charts/{name}",
        version,
        config=(media_types.HELM_CONFIG, compact(chart)),
        files=[("", media_types.HELM_CHART, gzip(tar(files)).read())],
        annotations={
            "org.opencontainers.image.created": "2026-04-22T14:05:09Z",
            "org.opencontainers.image.description": f"Deploys {name} with sensible defaults",
            "org.opencontainers.image.title": name,
            "org.opencontainers.image.version": version,
            "org.opencontainers.image.source": f"https://git.example/charts/{name}",
        },
    )


def _chart_files(name: str) -> dict[str, bytes]:
    values = f"""# How many of {name} run at once.
replicas: 2

image:
  repository: registry.example/platform/{name}
  pullPolicy: IfNotPresent  # Always, for tags that move

service:
  type: ClusterIP
  port: 8080

cache:
  enabled: true

resources:
  requests: {{cpu: 100m, memory: 128Mi}}
"""
    readme = f"""# {name}

Deploys **{name}** with sensible defaults.

| Value | Meaning | Default |
| --- | --- | --- |
| `replicas` | how many run at once | 2 |
| `cache.enabled` | whether Redis comes along | true |

See [the documentation](https://docs.example/charts/{name}).
"""
    deployment = f"""apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{{{ include "{name}.fullname" . }}}}
spec:
  replicas: {{{{ .Values.replicas }}}}
"""
    lock = """dependencies:
- name: common
  repository: oci://registry.example/charts
  version: 2.31.4
- name: redis
  repository: https://charts.example
  version: 20.6.1
"""
    helpers = (
        f'{{{{- define "{name}.fullname" -}}}}\n{{{{ .Release.Name }}}}-{name}\n{{{{- end }}}}\n'
    )
    return {
        "values.yaml": values.encode(),
        "README.md": readme.encode(),
        "Chart.lock": lock.encode(),
        "templates/_helpers.tpl": helpers.encode(),
        "templates/deployment.yaml": deployment.encode(),
        "templates/NOTES.txt": f"{name} is on its way.\n".encode(),
        ".helmignore": b".git/\n*.tmp\n",
    }


def _wasm_sections() -> bytes:
    """Return the beginning of a module: one type, what it wants, and what it offers."""

    def section(number: int, *parts: bytes) -> bytes:
        content = bytes([len(parts)]) + b"".join(parts)
        return bytes([number, len(content)]) + content

    def name(text: str) -> bytes:
        return bytes([len(text)]) + text.encode()

    system = name("wasi_snapshot_preview1")
    return (
        section(1, b"\x60\x00\x00")
        + section(
            2,
            system + name("fd_write") + b"\x00\x00",
            system + name("clock_time_get") + b"\x00\x00",
        )
        + section(7, name("memory") + b"\x02\x00", name("handle") + b"\x00\x02")
    )


def _push_wasm(registry: SampleRegistry) -> None:
    module = b"\x00asm\x01\x00\x00\x00" + _wasm_sections() + b"\x00\x07\x04name\x00\x00" * (3 * KIB)
    config = {
        "created": "2026-08-03T17:22:51Z",
        "architecture": "wasm",
        "os": "wasip2",
        "layerDigests": [str(Digest.of(module))],
        "component": {"exports": ["wasi:http/incoming-handler@0.2.0"], "imports": []},
    }
    artifact(
        registry,
        "tools/rate-limiter",
        "0.3.1",
        config=(media_types.WASM_CONFIG, compact(config)),
        files=[("rate-limiter.wasm", media_types.WASM_LAYER, module)],
        annotations={"org.opencontainers.image.licenses": "Apache-2.0"},
    )


def _push_files(registry: SampleRegistry) -> None:
    """Push what `oras push` makes of two files."""
    notes = b"# 2026.11\n\n- Faster start\n- Fewer dependencies\n"
    artifact(
        registry,
        "tools/release-notes",
        "2026.11",
        artifact_type="application/vnd.example.release-notes",
        files=[
            ("notes.md", "text/markdown", notes),
            ("notes.json", "application/json", b'{"version":"2026.11"}'),
        ],
        annotations={"org.opencontainers.image.created": "2026-11-03T09:00:00Z"},
    )


def _push_cache(registry: SampleRegistry) -> None:
    """BuildKit's older cache: an index whose entries are layers and a config, not manifests."""
    repository = "tools/buildcache"
    layers = [material(f"cache-{number}", size) for number, size in [(1, MIB), (2, 300 * KIB)]]
    for layer in layers:
        registry.store.put_blob(repository, layer.digest, layer.content)
    records = {
        "layers": [{"blob": str(layer.digest), "parent": -1} for layer in layers],
        "records": [{"digest": str(Digest.of(b"a cache record")), "results": []}],
    }
    config = push_blob(registry, repository, compact(records), media_types.BUILDKIT_CACHE)
    document = {
        "schemaVersion": 2,
        "mediaType": media_types.OCI_INDEX,
        "manifests": [*(layer.descriptor() for layer in layers), config],
    }
    push(registry, repository, "platform-api-main", document)
