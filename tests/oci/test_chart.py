import pytest
from hypothesis import given

from registryui.oci.chart import Chart, Dependency, parse_chart
from registryui.oci.document import InvalidDocumentError
from tests.oci.documents import JUNK_BYTES, encode


def test_reads_a_whole_chart():
    content = encode(
        {
            "apiVersion": "v2",
            "name": "app",
            "version": "1.2.3",
            "appVersion": "4.5",
            "description": "An app.",
            "kubeVersion": ">=1.25",
            "keywords": ["web", 5],
            "home": "https://app.example",
            "sources": ["https://git.example/app"],
            "maintainers": [{"name": "Team"}, {"email": "a@b.example"}, "x"],
            "dependencies": [
                {"name": "db", "version": "^1", "repository": "oci://r.example"},
                {"name": "cache", "condition": "cache.enabled", "alias": "redis", "version": 7},
                5,
            ],
            "deprecated": True,
            "type": "application",
        }
    )

    assert parse_chart(content) == Chart(
        name="app",
        version="1.2.3",
        app_version="4.5",
        description="An app.",
        kube_version=">=1.25",
        keywords=("web",),
        home="https://app.example",
        sources=("https://git.example/app",),
        maintainers=("Team",),
        dependencies=(
            Dependency("db", "^1", "oci://r.example"),
            Dependency("cache", "", "", condition="cache.enabled", alias="redis"),
        ),
        deprecated=True,
        api_version="v2",
        type="application",
    )


def test_refuses_what_is_no_object():
    with pytest.raises(InvalidDocumentError):
        parse_chart(b"apiVersion: v2")


@given(JUNK_BYTES)
def test_raises_nothing_but_its_error(content: bytes):
    try:
        chart = parse_chart(content)
    except InvalidDocumentError:
        return

    assert isinstance(chart.name, str)
