"""AI models: the config blob of one, as Docker, the CNCF's model-spec and Ollama write it."""

from dataclasses import dataclass

from registryui.oci.document import Document, flag_of, load_object, object_of, text_of, texts_of

MAX_MODEL_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Model:
    """What a model says of itself; `parameters` is how many it has, as people write it: "8B".

    `inputs` and `outputs` are what it takes and gives: "text", "image" …
    """

    name: str
    version: str
    family: str
    vendor: str
    description: str
    licenses: tuple[str, ...]
    architecture: str
    format: str
    parameters: str
    precision: str
    quantization: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    knowledge_cutoff: str
    reasoning: bool
    tool_usage: bool


def parse_model(content: bytes) -> Model:
    """Read the config of a model; any field may be missing or of a wrong type and is then empty.

    Raises InvalidDocumentError for what is no object.
    """
    document = load_object(content, max_bytes=MAX_MODEL_BYTES)
    about, config = object_of(document, "descriptor"), object_of(document, "config")
    can = object_of(config, "capabilities")
    return Model(
        name=_first(about, "title", "name"),
        version=text_of(about, "version"),
        family=text_of(about, "family") or text_of(document, "model_family"),
        vendor=text_of(about, "vendor"),
        description=text_of(about, "description"),
        licenses=texts_of(about, "licenses"),
        architecture=text_of(config, "architecture"),
        format=text_of(config, "format") or text_of(document, "model_format"),
        parameters=_first(config, "paramSize", "parameters") or text_of(document, "model_type"),
        precision=text_of(config, "precision"),
        quantization=text_of(config, "quantization") or text_of(document, "file_type"),
        inputs=texts_of(can, "inputTypes"),
        outputs=texts_of(can, "outputTypes"),
        knowledge_cutoff=text_of(can, "knowledgeCutoff"),
        reasoning=flag_of(can, "reasoning"),
        tool_usage=flag_of(can, "toolUsage"),
    )


def _first(document: Document, *keys: str) -> str:
    return next(filter(None, (text_of(document, key) for key in keys)), "")
