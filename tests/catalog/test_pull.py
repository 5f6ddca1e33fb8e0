"""Pull commands, as each client spells them."""

from registryui.catalog.pull import pull_commands
from registryui.oci.manifest import Kind

NAME = "registry.example:5000/team/app"
DIGEST = "sha256:" + "a" * 64


def commands(kind, tag="v1"):
    found = pull_commands(kind, NAME, tag=tag, digest=DIGEST)
    return [each.command for each in found.by_tag], [each.command for each in found.by_digest]


def test_pulls_an_image_by_tag_and_by_digest():
    by_tag, by_digest = commands(Kind.IMAGE)

    assert by_tag[:3] == [f"{client} pull {NAME}:v1" for client in ("docker", "podman", "nerdctl")]
    assert f"skopeo copy docker://{NAME}:v1 oci:app" in by_tag
    assert f"crane pull {NAME}@{DIGEST} app.tar" in by_digest


def test_undoes_the_plus_that_helm_cannot_write_in_a_tag():
    by_tag, _ = commands(Kind.CHART, "1.0.0_build.5")

    assert by_tag[0] == "helm pull oci://registry.example:5000/team/app --version 1.0.0+build.5"


def test_pulls_an_artifact_with_oras():
    by_tag, _ = commands(Kind.ARTIFACT)

    assert by_tag[0] == f"oras pull {NAME}:v1"


def test_has_only_the_digest_where_there_is_no_tag():
    found = pull_commands(Kind.IMAGE, NAME, tag="", digest=DIGEST)

    assert found.by_tag == ()
    assert found.first.command == f"docker pull {NAME}@{DIGEST}"


def docker_hub(name, *, tag="1"):
    found = pull_commands(Kind.IMAGE, f"docker.io/{name}", tag=tag, digest=DIGEST)
    return {each.client: each.command for each in found.by_tag}


def test_shortens_the_names_of_docker_hub():
    commands = docker_hub("library/nginx")

    assert commands["docker"] == "docker pull nginx:1"
    assert commands["crane"] == "crane pull nginx:1 nginx.tar"
    assert docker_hub("team/app")["docker"] == "docker pull team/app:1"


def test_names_docker_hub_to_podman():
    assert docker_hub("library/nginx")["podman"] == "podman pull docker.io/library/nginx:1"


def test_shortens_a_digest_of_docker_hub_too():
    found = pull_commands(Kind.IMAGE, "docker.io/library/nginx", tag="", digest=DIGEST)

    assert found.first.command == f"docker pull nginx@{DIGEST}"
