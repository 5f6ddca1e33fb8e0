"""Media types: their names, which family they belong to, and words for people."""

from registryui.oci.marking import gettext_noop

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json"  # withdrawn before 1.1; still found
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+json"
SCHEMA1_SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws"

OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
EMPTY_JSON = "application/vnd.oci.empty.v1+json"
HELM_CONFIG = "application/vnd.cncf.helm.config.v1+json"
WASM_CONFIG = "application/vnd.wasm.config.v0+json"
WASM_CONFIG_V1 = "application/vnd.wasm.config.v1+json"
BUILDKIT_CACHE = "application/vnd.buildkit.cacheconfig.v0"
DOCKER_PLUGIN = "application/vnd.docker.plugin.v1+json"
DOCKER_MODEL_CONFIG = "application/vnd.docker.ai.model.config.v0.1+json"
CNCF_MODEL_CONFIG = "application/vnd.cncf.model.config.v1+json"
FLUX_CONFIG = "application/vnd.cncf.flux.config.v1+json"
SINGULARITY_CONFIG = "application/vnd.sylabs.sif.config.v1+json"
UNKNOWN_CONFIG = "application/vnd.unknown.config.v1+json"  # what oras writes by default

OCI_LAYER = "application/vnd.oci.image.layer.v1.tar"
OCI_LAYER_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip"
OCI_LAYER_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd"
OCI_FOREIGN_LAYER = "application/vnd.oci.image.layer.nondistributable.v1.tar"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar"
DOCKER_LAYER_GZIP = "application/vnd.docker.image.rootfs.diff.tar.gzip"
DOCKER_LAYER_ZSTD = "application/vnd.docker.image.rootfs.diff.tar.zstd"
DOCKER_FOREIGN_LAYER = "application/vnd.docker.image.rootfs.foreign.diff.tar"
HELM_CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
HELM_PROVENANCE = "application/vnd.cncf.helm.chart.provenance.v1.prov"
WASM_LAYER = "application/wasm"
WASM_LAYER_V1 = "application/vnd.wasm.content.layer.v1+wasm"
OLLAMA_MODEL = "application/vnd.ollama.image.model"

COSIGN_SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json"
SIGSTORE_BUNDLE_PREFIX = "application/vnd.dev.sigstore.bundle"
NOTATION_SIGNATURE = "application/vnd.cncf.notary.signature"
DOCKER_ATTESTATION = "application/vnd.docker.attestation.manifest.v1+json"
IN_TOTO = "application/vnd.in-toto+json"
DSSE = "application/vnd.dsse.envelope.v1+json"
SPDX = "text/spdx"
SPDX_JSON = "application/spdx+json"
SPDX_JSON_OLD = "text/spdx+json"
CYCLONEDX_JSON = "application/vnd.cyclonedx+json"
CYCLONEDX_XML = "application/vnd.cyclonedx+xml"
SYFT_JSON = "application/vnd.syft+json"

ENCRYPTED_SUFFIX = "+encrypted"  # ocicrypt

INDEXES = frozenset({OCI_INDEX, DOCKER_LIST})
SCHEMA1_MANIFESTS = frozenset({SCHEMA1, SCHEMA1_SIGNED})
MANIFESTS = INDEXES | SCHEMA1_MANIFESTS | {OCI_MANIFEST, DOCKER_MANIFEST, OCI_ARTIFACT}
SBOMS = frozenset({SPDX, SPDX_JSON, SPDX_JSON_OLD, CYCLONEDX_JSON, CYCLONEDX_XML, SYFT_JSON})

# One header line, indexes first: an old server may read only the first value, and one that is not
# offered an index silently answers with its linux/amd64 entry.
ACCEPT_MANIFESTS = ", ".join(
    [
        OCI_INDEX,
        OCI_MANIFEST,
        DOCKER_LIST,
        DOCKER_MANIFEST,
        OCI_ARTIFACT,
        SCHEMA1_SIGNED,
        SCHEMA1,
    ]
)

_WORDS = {
    OCI_INDEX: gettext_noop("OCI index"),
    OCI_MANIFEST: gettext_noop("OCI manifest"),
    OCI_ARTIFACT: gettext_noop("OCI artifact manifest"),
    DOCKER_LIST: gettext_noop("Docker manifest list"),
    DOCKER_MANIFEST: gettext_noop("Docker image"),
    SCHEMA1: gettext_noop("Docker schema 1 image"),
    SCHEMA1_SIGNED: gettext_noop("Docker schema 1 image, signed"),
    OCI_CONFIG: gettext_noop("OCI image config"),
    DOCKER_CONFIG: gettext_noop("Docker image config"),
    EMPTY_JSON: gettext_noop("empty config"),
    HELM_CONFIG: gettext_noop("Helm chart"),
    WASM_CONFIG: gettext_noop("WebAssembly config"),
    WASM_CONFIG_V1: gettext_noop("WebAssembly config"),
    BUILDKIT_CACHE: gettext_noop("BuildKit cache"),
    DOCKER_PLUGIN: gettext_noop("Docker plugin"),
    DOCKER_MODEL_CONFIG: gettext_noop("AI model"),
    CNCF_MODEL_CONFIG: gettext_noop("AI model"),
    FLUX_CONFIG: gettext_noop("Flux manifests"),
    SINGULARITY_CONFIG: gettext_noop("Singularity image"),
    UNKNOWN_CONFIG: gettext_noop("config of an unknown type"),
    OCI_LAYER: gettext_noop("layer, not compressed"),
    OCI_LAYER_GZIP: gettext_noop("gzip layer"),
    OCI_LAYER_ZSTD: gettext_noop("zstd layer"),
    OCI_FOREIGN_LAYER: gettext_noop("foreign layer, not compressed"),
    f"{OCI_FOREIGN_LAYER}+gzip": gettext_noop("foreign gzip layer"),
    f"{OCI_FOREIGN_LAYER}+zstd": gettext_noop("foreign zstd layer"),
    DOCKER_LAYER: gettext_noop("layer, not compressed"),
    DOCKER_LAYER_GZIP: gettext_noop("gzip layer"),
    DOCKER_LAYER_ZSTD: gettext_noop("zstd layer"),
    DOCKER_FOREIGN_LAYER: gettext_noop("foreign layer, not compressed"),
    f"{DOCKER_FOREIGN_LAYER}.gzip": gettext_noop("foreign gzip layer"),
    HELM_CHART: gettext_noop("Helm chart archive"),
    HELM_PROVENANCE: gettext_noop("Helm chart signature"),
    WASM_LAYER: gettext_noop("WebAssembly module"),
    WASM_LAYER_V1: gettext_noop("WebAssembly module"),
    OLLAMA_MODEL: gettext_noop("AI model"),
    COSIGN_SIMPLE_SIGNING: gettext_noop("cosign signature"),
    NOTATION_SIGNATURE: gettext_noop("Notation signature"),
    DOCKER_ATTESTATION: gettext_noop("BuildKit attestation"),
    IN_TOTO: gettext_noop("in-toto statement"),
    DSSE: gettext_noop("signed in-toto statement"),
    SPDX: gettext_noop("SPDX bill of materials"),
    SPDX_JSON: gettext_noop("SPDX bill of materials"),
    SPDX_JSON_OLD: gettext_noop("SPDX bill of materials"),
    CYCLONEDX_JSON: gettext_noop("CycloneDX bill of materials"),
    CYCLONEDX_XML: gettext_noop("CycloneDX bill of materials"),
    SYFT_JSON: gettext_noop("Syft bill of materials"),
}
_ENCRYPTED = gettext_noop("{what}, encrypted")


def strip_parameters(value: str) -> str:
    """Give the bare type of a Content-Type, in lower case: RFC 9110 8.3.1 ignores case."""
    return value.partition(";")[0].strip().lower()


def is_index(media_type: str) -> bool:
    """Tell whether it lists manifests."""
    return media_type in INDEXES


def is_manifest(media_type: str) -> bool:
    """Tell whether it is any kind of manifest: index, image, artifact or schema 1."""
    return media_type in MANIFESTS


def is_schema1(media_type: str) -> bool:
    """Tell whether it is Docker's first manifest format, signed or not."""
    return media_type in SCHEMA1_MANIFESTS


def is_foreign_layer(media_type: str) -> bool:
    """Tell whether the layer is kept elsewhere: such bytes are not in the registry."""
    return media_type.startswith((OCI_FOREIGN_LAYER, DOCKER_FOREIGN_LAYER))


def is_filesystem(media_type: str) -> bool:
    """Tell whether it is a layer of an image's file system, in whatever compression."""
    return media_type.startswith((OCI_LAYER, DOCKER_LAYER)) or is_foreign_layer(media_type)


def is_image_config(media_type: str) -> bool:
    """Tell whether the config is an image's, and may be parsed as one."""
    return media_type in {OCI_CONFIG, DOCKER_CONFIG}


def describe(media_type: str) -> str:
    """Give words for people: "gzip layer", "Helm chart"; an unknown type is its own words."""
    bare = strip_parameters(media_type)
    if bare.startswith(SIGSTORE_BUNDLE_PREFIX):
        return gettext_noop("sigstore bundle")
    plain = bare.removesuffix(ENCRYPTED_SUFFIX)
    words = _WORDS.get(plain)
    if words is None:
        return media_type
    return words if plain == bare else _ENCRYPTED.format(what=words)
