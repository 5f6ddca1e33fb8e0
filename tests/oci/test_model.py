import pytest
from hypothesis import given

from registryui.oci.document import InvalidDocumentError
from registryui.oci.model import parse_model
from tests.oci.documents import JUNK_BYTES, encode


def test_reads_a_model_as_docker_writes_it():
    model = parse_model(
        encode(
            {
                "config": {
                    "format": "gguf",
                    "quantization": "IQ2_XXS/Q4_K_M",
                    "parameters": "361.82 M",
                    "architecture": "llama",
                    "size": "256.35 MiB",
                },
                "descriptor": {"created": "2025-03-01T00:00:00Z"},
                "rootfs": {"type": "rootfs", "diff_ids": []},
            }
        )
    )

    assert (model.format, model.parameters) == ("gguf", "361.82 M")
    assert (model.architecture, model.quantization) == ("llama", "IQ2_XXS/Q4_K_M")


def test_reads_a_model_as_the_model_spec_has_it():
    model = parse_model(
        encode(
            {
                "descriptor": {
                    "name": "xyz-3-8b",
                    "title": "XYZ 3 8B",
                    "family": "xyz3",
                    "version": "3.1",
                    "vendor": "XYZ Corp",
                    "licenses": ["Apache-2.0", 5],
                },
                "config": {
                    "architecture": "transformer",
                    "format": "safetensors",
                    "paramSize": "8b",
                    "precision": "bf16",
                    "capabilities": {
                        "inputTypes": ["text", "image"],
                        "outputTypes": ["text"],
                        "knowledgeCutoff": "2025-01-01T00:00:00Z",
                        "reasoning": True,
                        "toolUsage": "yes",
                    },
                },
                "modelfs": {"type": "layers", "diffIds": []},
            }
        )
    )

    assert (model.name, model.version, model.licenses) == ("XYZ 3 8B", "3.1", ("Apache-2.0",))
    assert (model.parameters, model.precision) == ("8b", "bf16")
    assert (model.inputs, model.outputs) == (("text", "image"), ("text",))
    assert (model.reasoning, model.tool_usage) == (True, False)


def test_reads_a_model_as_ollama_writes_it():
    model = parse_model(
        encode(
            {
                "model_format": "gguf",
                "model_family": "llama",
                "model_type": "3.2B",
                "file_type": "Q4_K_M",
            }
        )
    )

    assert (model.format, model.family) == ("gguf", "llama")
    assert (model.parameters, model.quantization) == ("3.2B", "Q4_K_M")


def test_refuses_what_is_no_object():
    with pytest.raises(InvalidDocumentError):
        parse_model(b"[]")


@given(JUNK_BYTES)
def test_raises_nothing_but_its_error(content: bytes):
    try:
        model = parse_model(content)
    except InvalidDocumentError:
        return

    assert isinstance(model.name, str)
