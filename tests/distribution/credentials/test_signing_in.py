"""Clients that sign in with what a file or a helper gives them."""

import base64
import json

import httpx
import pytest

from registryui.connect.doctor.findings import failed
from registryui.distribution.credentials.helper import AGAIN_SECONDS
from registryui.distribution.errors import CredentialsError, RegistryRefusedError
from registryui.oci.reference import DOCKER_HUB
from registryui.sample import builder
from registryui.sample.registry import SampleRegistry
from registryui.sample.switches import Switches
from tests.distribution.fakes import BASE, FakeTime, Recorder, challenge, client_of

HOST = BASE.removeprefix("https://")


def basic(username, password):
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def auth(username, password):
    return {"auth": base64.b64encode(f"{username}:{password}".encode()).decode()}


def keep(path, **auths):
    path.write_text(json.dumps({"auths": {k.replace("__", "/"): v for k, v in auths.items()}}))


def sample_client(sample, *, time=None, **settings):
    transport = httpx.WSGITransport(sample)
    return client_of(transport.handle_request, time=time, **settings)


@pytest.fixture(params=["basic", "bearer"])
def sample(request):
    # One host for the registry and its token server, so that it may see what we have.
    made = SampleRegistry(Switches(auth=request.param))
    builder.image(made, "team/app", "v1")
    return made


def test_signs_in_with_dockers_file(tmp_path, sample):
    keep(tmp_path / "config.json", **{f"https://{HOST}/v1/": auth("reader", "open-sesame")})

    client = sample_client(sample, auth_file=str(tmp_path / "config.json"))

    assert client.tags("team/app").names == ("v1",)
    assert not client.ping().needs_login


def test_signs_in_with_the_files_content(sample):
    content = json.dumps({"auths": {HOST: auth("reader", "open-sesame")}})

    assert sample_client(sample, auth_config=content).tags("team/app").names == ("v1",)


def test_notices_a_rotated_password_without_a_restart(tmp_path, sample):
    file = tmp_path / "config.json"
    keep(file, **{HOST: auth("reader", "open-sesame")})
    client = sample_client(sample, auth_file=str(file))
    client.tags("team/app")

    sample.switches.password = "the-next-password"
    keep(file, **{HOST: auth("reader", "the-next-password")})

    assert client.catalog().names == ("team/app",)


def test_notices_a_rotated_password_file(tmp_path, sample):
    file = tmp_path / "password"
    file.write_text("open-sesame\n")
    client = sample_client(sample, username="reader", password_file=str(file))
    client.tags("team/app")

    sample.switches.password = "the-next-password"
    file.write_text("the-next-password\n")

    assert client.catalog().names == ("team/app",)


def test_says_that_the_rotated_file_cannot_be_used(tmp_path, sample):
    file = tmp_path / "password"
    file.write_text("open-sesame\nand more\n")

    with pytest.raises(CredentialsError) as caught:
        sample_client(sample, username="reader", password_file=str(file)).tags("team/app")

    assert "contains a line break" in caught.value.details


def test_tells_only_who_runs_it_what_the_credentials_lack(tmp_path, sample, caplog):
    """The text is stored as the reason of a failed sync, which everybody may read."""
    file = tmp_path / "config.json"
    client = sample_client(sample, auth_file=str(file))

    for _ in range(2):
        with pytest.raises(CredentialsError) as caught:
            client.tags("team/app")

    error = caught.value
    assert str(file) not in f"{error} {error.for_people}"
    assert "cannot be had" in error.for_people
    assert str(file) in error.details
    assert str(file) in failed(error).words
    assert caplog.text.count(str(file)) == 1


def test_exchanges_an_identity_token_from_the_file(tmp_path):
    sample = SampleRegistry(Switches(auth="bearer", identity_token="identity"))
    builder.image(sample, "team/app", "v1")
    entry = {**auth("ignored", ""), "identitytoken": "identity"}
    keep(tmp_path / "auth.json", **{HOST: entry})

    client = sample_client(sample, auth_file=str(tmp_path / "auth.json"))

    assert client.tags("team/app").names == ("v1",)
    assert sample.count("POST", "/token") == 1


def test_says_what_to_do_where_identity_tokens_are_not_taken():
    sample = SampleRegistry(Switches(auth="bearer", has_token_post=False))

    with pytest.raises(RegistryRefusedError, match="does not accept the identity token") as caught:
        sample_client(sample, identity_token="identity").tags("team/app")

    assert str(caught.value).endswith("and give the user name that goes with it.")


def test_says_that_the_file_has_nothing_for_the_registry(tmp_path, sample):
    keep(tmp_path / "config.json", **{"other.example": auth("reader", "open-sesame")})
    client = sample_client(sample, auth_file=str(tmp_path / "config.json"))

    assert client.ping().needs_login
    with pytest.raises(RegistryRefusedError, match="wants a login to list") as caught:
        client.tags("team/app")

    assert f"config.json has no credentials for {HOST}. Sign in there" in str(caught.value)


def test_says_where_a_wrong_password_is_kept(tmp_path, sample):
    keep(tmp_path / "config.json", **{HOST: auth("reader", "wrong-password")})

    with pytest.raises(RegistryRefusedError) as caught:
        sample_client(sample, auth_file=str(tmp_path / "config.json")).tags("team/app")

    assert f"in {tmp_path}/config.json" in str(caught.value)
    assert "wrong-password" not in str(caught.value)


def test_hides_a_secret_that_the_registry_says_aloud(tmp_path):
    keep(tmp_path / "config.json", **{HOST: auth("reader", "open-sesame")})
    said = {"errors": [{"code": "DENIED", "message": "open-sesame may not"}]}
    client = client_of(
        lambda request: httpx.Response(403, json=said), auth_file=str(tmp_path / "config.json")
    )

    with pytest.raises(RegistryRefusedError, match="“… may not”"):
        client.tags("team/app")


def test_shows_each_namespace_its_own_login(tmp_path):
    keep(
        tmp_path / "auth.json",
        **{
            HOST: auth("all", "1"),
            f"{HOST}__one": auth("one", "1"),
            f"{HOST}__two": auth("two", "1"),
        },
    )

    def handle(request):
        sent = request.headers.get("authorization")
        return httpx.Response(200, json={"tags": []}) if sent else challenge(scheme="Basic")

    seen = Recorder(handle)
    client = client_of(seen, auth_file=str(tmp_path / "auth.json"))

    for name in ("one/a", "two/a", "three/a", "one/b"):
        client.tags(name)

    assert seen.authorizations() == [None, *(basic(u, "1") for u in ("one", "two", "all", "one"))]


def test_gets_each_namespaces_token_with_its_own_login(tmp_path):
    keep(tmp_path / "auth.json", **{f"{HOST}__{name}": auth(name, "1") for name in ("one", "two")})

    def handle(request):
        if request.url.host == "auth.corp.example":
            return httpx.Response(200, json={"token": request.url.params["account"]})
        sent = request.headers.get("authorization")
        # The same scope for both: the token must still be another.
        return httpx.Response(200, json={"tags": []}) if sent else challenge("*")

    seen = Recorder(handle)
    client = client_of(seen, auth_file=str(tmp_path / "auth.json"))

    for name in ("one/a", "two/a", "one/b"):
        client.tags(name)

    assert seen.authorizations() == [None, "Bearer one", "Bearer two", "Bearer one"]


def cloud_client(sample, time, **settings):
    return sample_client(
        sample, time=time, allowed_helpers=frozenset({"cloud", "other"}), **settings
    )


def test_asks_a_helper_again_when_the_registry_refuses(programs, sample):
    programs.hands_out("cloud", "reader", "open-sesame")
    time = FakeTime()
    client = cloud_client(sample, time, credential_helper="cloud")
    client.tags("team/app")

    sample.switches.password = "of-the-next-hour"
    programs.hands_out("cloud", "reader", "of-the-next-hour")
    time.now = AGAIN_SECONDS

    assert client.catalog().names == ("team/app",)
    assert programs.runs == [f"get{HOST}"] * 2


def test_asks_a_helper_again_when_amazon_calls_its_password_expired(programs):
    programs.hands_out("cloud", "AWS", "old")
    said = {"errors": [{"code": "DENIED", "message": "Your authorization token has expired."}]}

    def handle(request):
        sent = request.headers.get("authorization")
        if sent == basic("AWS", "new"):
            return httpx.Response(200, json={"tags": ["v1"]})
        return httpx.Response(403, json=said) if sent else challenge(scheme="Basic")

    time = FakeTime()
    client = client_of(
        Recorder(handle), time=time, credential_helper="cloud", allowed_helpers={"cloud"}
    )
    with pytest.raises(RegistryRefusedError):
        client.tags("a")
    time.now = AGAIN_SECONDS
    programs.hands_out("cloud", "AWS", "new")

    assert client.tags("a").names == ("v1",)


def test_asks_the_helper_that_the_file_names(programs, tmp_path, sample):
    programs.hands_out("cloud", "reader", "open-sesame")
    (tmp_path / "config.json").write_text(
        json.dumps({"credsStore": "other", "credHelpers": {HOST: "cloud"}})
    )

    client = cloud_client(sample, FakeTime(), auth_file=str(tmp_path / "config.json"))

    assert client.tags("team/app").names == ("v1",)
    assert programs.runs == [f"get{HOST}"]


def test_takes_what_the_file_has_when_its_helper_has_nothing(programs, tmp_path, sample):
    programs.write("cloud", "sys.exit('credentials not found in native keychain')")
    document = {"credsStore": "cloud", "auths": {HOST: auth("reader", "open-sesame")}}
    (tmp_path / "config.json").write_text(json.dumps(document))

    client = cloud_client(sample, FakeTime(), auth_file=str(tmp_path / "config.json"))

    assert client.tags("team/app").names == ("v1",)


def test_signs_in_as_soon_as_the_helper_has_something(programs, sample):
    programs.write("cloud", "sys.exit('credentials not found in native keychain')")
    time = FakeTime()
    client = cloud_client(sample, time, credential_helper="cloud")
    with pytest.raises(RegistryRefusedError, match="docker-credential-cloud has no credentials"):
        client.tags("team/app")

    programs.hands_out("cloud", "reader", "open-sesame")
    time.now = AGAIN_SECONDS

    assert client.tags("team/app").names == ("v1",)


def test_sends_a_registry_token_that_a_file_replaces(tmp_path):
    file = tmp_path / "token"
    file.write_text("old")
    seen = Recorder(lambda request: httpx.Response(200, json={"tags": []}))
    client = client_of(seen, registry_token_file=str(file))
    client.tags("a")
    file.write_text("newer")
    client.tags("a")

    assert seen.authorizations() == ["Bearer old", "Bearer newer"]


def test_finds_docker_hub_in_dockers_file(tmp_path):
    keep(tmp_path / "config.json", **{"https://index.docker.io/v1/": auth("reader", "open-sesame")})
    client = client_of(
        Recorder(lambda request: httpx.Response(200)),
        base_url=f"https://{DOCKER_HUB}",
        auth_file=str(tmp_path / "config.json"),
    )

    assert client.login.username == "reader"


def test_asks_a_helper_for_docker_hub_by_the_name_it_knows(programs):
    programs.hands_out("cloud", "reader", "open-sesame")
    client = client_of(
        Recorder(lambda request: httpx.Response(200)),
        base_url=f"https://{DOCKER_HUB}",
        credential_helper="cloud",
        allowed_helpers=frozenset({"cloud"}),
    )

    assert client.login.username == "reader"
    assert programs.runs == ["gethttps://index.docker.io/v1/"]
