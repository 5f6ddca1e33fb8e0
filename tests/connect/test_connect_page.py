"""The page of commands: right for the registry as declared, quoted, only of what one may see."""

import json
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml

from registryui.catalog.models import Registry, Repository
from registryui.connect.quoting import plain_name, single_quoted, text_of
from registryui.connect.tools.chosen import TOOLS
from registryui.declarations import Declaration
from tests.people import make_people

ADDRESS = "/r/sample/-/connect/"
KEYS = [tool.key for tool in TOOLS]
HOST = "registry.example:5000"


def read(client: Any, **asked: str) -> Any:
    return client.get(ADDRESS, {"format": "json", **asked}).json()


def every_recipe(page: Any) -> list[Any]:
    sections = [recipe for section in page["sections"] for recipe in section["recipes"]]
    return [*page["steps"], *sections, *page["own"]]


def shells(page: Any) -> list[str]:
    return [recipe["text"] for recipe in every_recipe(page) if not recipe["where"]]


def files(page: Any, ending: str) -> list[str]:
    return [each["text"] for each in every_recipe(page) if each["where"].endswith(ending)]


@pytest.fixture
def declare(settings, registry: Registry) -> Any:
    """Return what declares the sample registry otherwise."""

    def run(url: str = f"https://{HOST}", **more: Any) -> None:
        declaration = Declaration(slug="sample", url=url, **more)
        settings.REGISTRIES = (declaration,)
        Registry.objects.filter(pk=registry.pk).update(client_host=declaration.client_host)

    return run


@pytest.mark.parametrize("tool", KEYS)
def test_offers_every_client_by_plain_links(client, registry, tool):
    page = client.get(ADDRESS, {"tool": tool}).text

    assert f'href="{ADDRESS}?tool={tool}"' in page
    assert page.count("<pre") > 4


def test_begins_with_the_first_client_for_one_that_there_is_not(client, registry):
    assert read(client, tool="rkt")["tool"] == "docker"


@pytest.mark.parametrize("tool", KEYS)
def test_writes_for_the_repository_with_most_tags(client, registry, tool):
    largest = Repository.objects.get(name="library/ubuntu")
    Repository.objects.filter(pk=largest.pk).update(tag_count=100_000)
    tag = largest.tags.get(name=largest.newest_tag)

    page = read(client, tool=tool)

    assert page["example"]["is_real"]
    assert (page["example"]["repository"], page["example"]["tag"]) == (largest.name, tag.name)
    assert page["example"]["digest"] == tag.manifest.digest
    if tool != "helm":  # it is no chart
        texts = " ".join(each["text"] for each in page["steps"])
        assert f"{HOST}/library/ubuntu:{tag.name}" in texts
        assert f"{HOST}/library/ubuntu@{tag.manifest.digest}" in texts


def test_writes_for_the_image_that_was_asked_for(client, registry):
    example = read(client, repository="platform/api", tag="2.4.1")["example"]

    assert (example["repository"], example["tag"]) == ("platform/api", "2.4.1")


def test_writes_for_a_chart_as_helm_calls_it(client, registry):
    page = read(client, tool="helm", repository="charts/gateway", tag="1.1.0")

    texts = [each["text"] for each in page["steps"]]
    assert any(f"oci://{HOST}/charts/gateway --version 1.1.0" in text for text in texts)
    assert any(text.startswith("helm pull ") and "@sha256:" in text for text in texts)


def test_makes_an_image_up_where_there_is_none(client, registry):
    Repository.objects.all().delete()

    example = read(client)["example"]

    assert not example["is_real"]
    assert example["repository"] == "team/app"


def test_tells_nobody_of_images_that_are_not_theirs(client, settings, registry):
    settings.ANONYMOUS_READ = False
    Repository.objects.filter(name="platform/api").update(changed_at="2026-11-24T00:00Z")
    client.force_login(make_people()["member"])

    for asked in ({}, {"repository": "platform/api"}, {"repository": "never/was"}):
        page = read(client, **asked)

        assert "platform/api" not in json.dumps([page["steps"], page["sections"], page["example"]])
        assert page["example"]["repository"].startswith("library/")


@pytest.mark.parametrize("tool", KEYS)
def test_opens_what_plain_http_needs(client, declare, tool):
    declare(f"http://{HOST}")

    page = read(client, tool=tool)

    assert [each["title"] for each in page["sections"] if each["is_open"]] == ["Plain HTTP"]
    assert page["sections"][0]["is_open"]
    assert page["authorities"] == []
    assert page["ca_url"] == ""


@pytest.mark.parametrize("tool", KEYS)
def test_opens_nothing_where_nothing_is_needed(client, declare, tool):
    declare()

    page = read(client, tool=tool)

    assert not any(each["is_open"] for each in page["sections"])
    steps = " ".join(each["text"] for each in page["steps"])
    assert not any(word in steps for word in ("insecure", "plain-http", "tls-verify"))


def test_assumes_https_where_people_use_another_host(client, declare):
    declare("http://registry:5000", public_host="hub.example")

    page = read(client)

    assert page["host"] == "hub.example"
    assert not any(each["is_open"] for each in page["sections"])


def test_says_that_docker_needs_nothing_on_the_loopback(client, declare):
    declare("http://127.0.0.1:5000")

    for tool, is_needed in (("docker", False), ("podman", True)):
        [plain] = [
            each for each in read(client, tool=tool)["sections"] if each["title"] == "Plain HTTP"
        ]
        assert plain["is_open"] is is_needed
        assert ("nothing is needed" in plain["recipes"][0]["note"]) is not is_needed


def test_opens_what_a_client_certificate_needs(client, declare):
    declare(client_cert_file="/etc/registryui/client.pem")

    [wanted] = [each for each in read(client)["sections"] if each["is_open"]]

    assert wanted["title"] == "A client certificate"
    assert f"/etc/docker/certs.d/{HOST}" in wanted["recipes"][0]["text"]
    assert "/etc/registryui" not in json.dumps(read(client))


HOSTS = [HOST, "[::1]:5000", "127.0.0.1:5000", "registry.example"]
BAD_HOSTS = ["x; reboot #", "a'b\"c", "$(reboot)", "x\ny", "*"]


@pytest.mark.parametrize("tool", KEYS)
@pytest.mark.parametrize("host", [*HOSTS, *BAD_HOSTS])
def test_writes_nothing_that_a_shell_misunderstands(client, declare, tool, host):
    declare("http://registry.example", public_host=host)

    page = read(client, tool=tool, user="o'hara $(reboot)", repository="platform/api")

    for text in shells(page):
        done = subprocess.run(["bash", "-nc", text], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{text}: {done.stderr}"
        words = shlex.split(text.replace("\n", " "), comments=True)
        assert "reboot" not in words
        assert "$(reboot)" not in words or host == "$(reboot)"
    [login] = [text for text in shells(page) if "o'" in text and "login" in text][:1]
    assert any("o'hara $(reboot)" in word for word in shlex.split(login.replace("\n", " ")))


@pytest.mark.parametrize("tool", KEYS)
@pytest.mark.parametrize("host", [*HOSTS, *BAD_HOSTS])
def test_writes_files_that_programs_can_read(client, declare, tool, host):
    declare("https://registry.example", public_host=host)

    page = read(client, tool=tool)

    for text in files(page, ".json"):
        json.loads(text)
    for text in (*files(page, ".toml"), *files(page, ".conf")):
        tomllib.loads(text)
    for text in (*files(page, ".yaml"), *files(page, ".yml")):
        yaml.safe_load(text)


def test_writes_the_daemon_s_settings(client, declare):
    declare(f"http://{HOST}")

    found = [json.loads(text) for text in files(read(client), "daemon.json")]

    assert {"insecure-registries": [HOST]} in found
    assert {"registry-mirrors": [f"http://{HOST}"]} in found


def test_writes_hosts_toml_for_plain_http_and_for_an_authority(client, declare):
    declare()

    found = [tomllib.loads(text) for text in files(read(client, tool="nerdctl"), "hosts.toml")]

    assert any(f"http://{HOST}" in each["host"] for each in found)
    ca = f"/etc/containerd/certs.d/{HOST}/ca.crt"
    assert any(each["host"].get(f"https://{HOST}", {}).get("ca") == ca for each in found)
    versions = {
        tomllib.loads(text)["version"]
        for text in files(read(client, tool="nerdctl"), "config.toml")
    }
    assert versions == {2, 3}


def test_writes_a_pod_that_uses_the_secret(client, declare):
    declare()

    page = read(client, tool="kubernetes", repository="platform/api", tag="2.4.1")

    by_tag, by_digest = [yaml.safe_load(text) for text in files(page, "pod.yaml")]
    assert by_tag["spec"]["containers"][0]["image"] == f"{HOST}/platform/api:2.4.1"
    assert "@sha256:" in by_digest["spec"]["containers"][0]["image"]
    secret = by_tag["spec"]["imagePullSecrets"][0]["name"]
    assert any(f"docker-registry {secret} " in text for text in shells(page))


def test_logs_in_as_whoever_reads_unless_told_otherwise(client, registry, person):
    assert read(client)["user"] == "user"
    assert read(person("AUDITOR"))["user"] == "olga"
    assert read(client, user="robot$ci")["user"] == "robot$ci"
    assert read(client, user="a\nb")["user"] == "user"


def test_puts_the_secret_of_notifications_on_no_page(client, declare):
    declare(hook_secret="hunter2-hunter2-hunter2", username="robot", password="hunter2")

    page = client.get(ADDRESS).text + json.dumps(read(client))

    assert "hunter2" not in page
    assert "http://testserver/hooks/sample/" in page


@pytest.fixture
def bundle(tmp_path: Path) -> tuple[Path, trustme.CA]:
    """Return a file with an authority, and with what nobody may have."""
    authority = trustme.CA(organization_name="Example Company")
    path = tmp_path / "bundle.pem"
    secret = authority.private_key_pem.bytes()
    path.write_bytes(b"# of ann\n" + secret + authority.cert_pem.bytes() + secret)
    return path, authority


def test_gives_the_authority_and_never_its_key(client, declare, bundle):
    path, authority = bundle
    declare(ca_file=str(path))

    page = read(client)
    given = client.get(page["ca_url"])

    assert given["Content-Disposition"] == 'attachment; filename="ca.crt"'
    assert given.content == authority.cert_pem.bytes()
    assert "Example Company" in page["authorities"][0]["subject"]
    assert page["sections"][0]["is_open"]
    assert page["sections"][0]["title"] == "An authority of its own"


@pytest.mark.parametrize("content", [None, b"", b"junk", b"\xff" * 100])
def test_has_no_authority_where_the_file_has_none(client, declare, tmp_path, content):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    declare(ca_file=str(path))

    assert read(client)["ca_url"] == ""
    assert client.get(f"{ADDRESS}ca.crt").status_code == 404


def test_leaves_out_certificates_that_are_none(client, declare, bundle):
    path, authority = bundle
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    path.write_bytes(broken + authority.cert_pem.bytes())
    declare(ca_file=str(path))

    assert client.get(f"{ADDRESS}ca.crt").content == authority.cert_pem.bytes()


def test_is_linked_from_the_registry(client, registry, person):
    assert f'href="{ADDRESS}"' in client.get("/r/sample/").text
    assert "/-/doctor/" not in client.get("/r/sample/").text
    assert 'href="/r/sample/-/doctor/"' in person("AUDITOR").get("/r/sample/").text


@pytest.mark.parametrize("name", ["ann", "o'hara", "a b", "$x", "`x`", "a\\b", "!x", "ü"])
def test_quotes_names_as_one_word(name):
    assert shlex.split(single_quoted(name)) == [name]
    assert single_quoted(name).startswith("'")


@pytest.mark.parametrize("text", ['a"b', "a\\b", "\x7f", "\x00\x1f", "ü\u2028", "[::1]:5000"])
def test_writes_strings_that_json_toml_and_yaml_read_alike(text):
    written = text_of(text)

    assert json.loads(written) == text
    assert tomllib.loads(f"x = {written}")["x"] == text
    assert yaml.safe_load(f"x: {written}")["x"] == text


@pytest.mark.parametrize(
    ("host", "name"),
    [("Reg.Example:5000", "reg-example-5000"), ("[::1]:5000", "1-5000"), ("***", "registry")],
)
def test_makes_file_names_of_hosts(host, name):
    assert plain_name(host) == name


@pytest.mark.parametrize("tool", ["kubernetes", "crane"])
def test_asks_for_a_password_where_a_program_does_not(client, registry, tool):
    [login] = [text for text in shells(read(client, tool=tool)) if "PASSWORD" in text][:1]
    asking = login.splitlines()[0]

    done = subprocess.run(
        ["bash", "-c", f'{asking}; printf "<%s>" "$PASSWORD"'],
        input="open 'sesame\\n\n",
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.endswith("<open 'sesame\\n>")
    assert "sesame" not in login
