"""Registries of the world in a few lines each: how they ask for a login, list and delete.

Their shapes are taken from their documentation and source. The hosts are made up, except where the
protocol itself has them (Docker Hub).
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs

import httpx

from tests.distribution.fakes import complaint

NAME = "team/app"
ZEROS = "00000000-0000-0000-0000-000000000000"

Answering = Callable[[httpx.Request], httpx.Response]


def basic_of(login):
    secret = login.get("password") or login["identity_token"]
    pair = f"{login['username']}:{secret}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def one_page(request):
    return httpx.Response(200, json={"name": NAME, "tags": ["v1", "v2"]})


def linked(next_page):
    """List one tag, and another on the page that the first one's Link names."""

    def answer(request):
        wanted = httpx.URL(f"https://x{next_page}" if next_page[0] == "/" else next_page).params
        asked = parse_qs(request.url.query.decode(), keep_blank_values=True)
        if all(asked.get(name) == [value] for name, value in wanted.items()):
            return httpx.Response(200, json={"name": NAME, "tags": ["v2"]})
        headers = {"link": f'<{next_page}>; rel="next"'}
        return httpx.Response(200, json={"name": NAME, "tags": ["v1"]}, headers=headers)

    return answer


def with_manifests(request):
    """List as Google does, with what the index already knows, and more names than a listing has."""
    body = {"child": ["app/part"], "manifest": {"sha256:0": {"tag": ["v1"]}}, "tags": ["v1", "v2"]}
    return httpx.Response(200, json={"name": NAME, **body})


def small_pages(request):
    """Refuse large pages as Amazon does."""
    if int(request.url.params.get("n", 0)) > 1000:
        return complaint(405, "UNSUPPORTED", "Invalid parameter at 'maxResults'")
    return one_page(request)


def repositories(request):
    return httpx.Response(200, json={"repositories": [NAME]})


def no_catalog(request):
    return httpx.Response(404, text="404 page not found\n")


def said(status, code):
    return lambda request: complaint(status, code)


def accepted(request):
    return httpx.Response(202)


@dataclass(frozen=True)
class Kind:
    """One registry; ``realm`` is its token server, "" where Basic is all it knows.

    ``catalog_challenge`` is for the registry that asks otherwise there.
    """

    host: str
    login: dict[str, str]
    challenges: tuple[str, ...]
    realm: str = ""
    prefix: str = ""
    catalog_challenge: str = ""
    challenges_the_ping_only: bool = False
    exchanges_identity: bool = False
    catalog: Answering = repositories
    tags: Answering = one_page
    delete_tag: Answering = accepted
    delete_digest: Answering = accepted
    token_requests: list[httpx.Request] = field(default_factory=list)

    @property
    def base_url(self):
        return f"https://{self.host}{self.prefix}"

    def __call__(self, request):
        if self.realm and str(request.url.copy_with(query=None)) == self.realm:
            return self._token(request)
        path = request.url.path.removeprefix(self.prefix).removeprefix("/v2/")
        if not self._is_known(request):
            return self._challenge(path)
        if path == "_catalog":
            return self.catalog(request)
        if request.method == "DELETE":
            by_digest = "sha256:" in path
            return self.delete_digest(request) if by_digest else self.delete_tag(request)
        return self.tags(request) if path.endswith("/tags/list") else httpx.Response(200)

    def _challenge(self, path):
        if self.challenges_the_ping_only and path:
            return httpx.Response(401)
        lines = self.challenges
        if path == "_catalog" and self.catalog_challenge:
            lines = (self.catalog_challenge,)
        return httpx.Response(401, headers=[("www-authenticate", line) for line in lines])

    def _is_known(self, request):
        sent = request.headers.get("authorization", "")
        if self.realm and not (self.catalog_challenge and "_catalog" in request.url.path):
            return sent == "Bearer granted"
        return sent == basic_of(self.login)

    def _token(self, request):
        self.token_requests.append(request)
        if request.method == "POST":
            form = parse_qs(request.content.decode())
            if not self.exchanges_identity:
                return httpx.Response(401)
            is_known = form.get("refresh_token") == [self.login["identity_token"]]
        else:
            is_known = request.headers.get("authorization") == basic_of(self.login)
        return httpx.Response(200, json={"token": "granted"}) if is_known else httpx.Response(401)


def bearer(realm, service, scope=""):
    return f'Bearer realm="{realm}",service="{service}"' + (f',scope="{scope}"' if scope else "")


def login(username, password="open-sesame"):
    return {"username": username, "password": password}


def hub():
    realm = "https://auth.docker.io/token"
    return Kind(
        "docker.io",
        login("reader", "dckr_pat_open-sesame"),
        (bearer(realm, "registry.docker.io", "repository:team/app:pull"),),
        realm,
        catalog=said(401, "UNAUTHORIZED"),
        delete_tag=said(400, "UNSUPPORTED"),
    )


def zot():
    return Kind(
        "zot.example",
        login("reader"),
        ('Basic realm="Authorization Required"',),
        tags=linked("/v2/team/app/tags/list?n=1&last=v1"),
    )


def harbor():
    realm = "https://harbor.example/service/token"
    return Kind(
        "harbor.example",
        login("robot$team+reader"),
        (bearer(realm, "harbor-registry", "repository:team/app:pull"),),
        realm,
        catalog_challenge='Basic realm="harbor"',
        tags=linked("/v2/team/app/tags/list?last=v1&n=1"),
        delete_tag=said(400, "UNSUPPORTED"),
    )


def quay():
    realm = "https://quay.example/v2/auth"
    return Kind(
        "quay.example",
        login("team+reader"),
        (bearer(realm, "quay.example", "repository:team/app:pull"),),
        realm,
        tags=linked("https://quay.example/v2/team/app/tags/list?n=100&last=dGhlIG5leHQ"),
    )


def ghcr():
    realm = "https://ghcr.example/token"
    return Kind(
        "ghcr.example",
        login("anybody", "ghp_open-sesame"),
        (bearer(realm, "ghcr.example", "repository:user/image:pull"),),
        realm,
        catalog=no_catalog,
        tags=linked("/v2/team/app/tags/list?last=v1&n=1"),
        delete_tag=said(405, "UNSUPPORTED"),
        delete_digest=said(405, "UNSUPPORTED"),
    )


def gitlab():
    realm = "https://gitlab.example/jwt/auth"
    return Kind(
        "registry.gitlab.example",
        login("gitlab+deploy-token-1"),
        (bearer(realm, "container_registry", "repository:team/app:pull"),),
        realm,
        catalog=said(401, "UNAUTHORIZED"),
        tags=linked("/v2/team/app/tags/list?last=v1&n=1"),
    )


def ecr():
    return Kind(
        "1234.ecr.example",
        login("AWS"),
        ('Basic realm="https://1234.ecr.example/",service="ecr"',),
        tags=small_pages,
    )


def google():
    realm = "https://docker.google.example/v2/token"
    return Kind(
        "docker.google.example",
        login("_json_key", '{\n  "type": "service_account",\n  "private_key": "-:-"\n}'),
        (bearer(realm, "docker.google.example"),),
        realm,
        challenges_the_ping_only=True,
        tags=with_manifests,
        delete_digest=said(400, "GOOGLE_MANIFEST_DANGLING_TAG"),
    )


def azure():
    realm = "https://registry.azure.example/oauth2/token"
    return Kind(
        "registry.azure.example",
        login("reader"),
        (bearer(realm, "registry.azure.example", "repository:team/app:metadata_read"),),
        realm,
        tags=linked("/v2/team/app/tags/list?last=v1&n=1&orderby="),
    )


def azure_by_identity():
    realm = "https://registry.azure.example/oauth2/token"
    return Kind(
        "registry.azure.example",
        {"username": ZEROS, "identity_token": "identity"},
        (bearer(realm, "registry.azure.example", "repository:team/app:metadata_read"),),
        realm,
        exchanges_identity=True,
    )


def azure_by_zeros():
    realm = "https://registry.azure.example/oauth2/token"
    challenge = bearer(realm, "registry.azure.example", "repository:team/app:metadata_read")
    return Kind("registry.azure.example", login(ZEROS, "identity"), (challenge,), realm)


def gitea():
    realm = "https://gitea.example/v2/token"
    return Kind(
        "gitea.example",
        login("reader"),
        (bearer(realm, "container_registry", "*"), "Basic"),
        realm,
        tags=linked("/v2/team/app/tags/list?last=v1&n=1"),
    )


def nexus():
    return Kind(
        "nexus.example",
        login("reader"),
        ('BASIC realm="Sonatype Nexus Repository Manager"',),
        prefix="/repository/docker",
        tags=linked("/v2/team/app/tags/list?last=v1&n=1"),
    )


def artifactory():
    prefix = "/artifactory/api/docker/images"
    realm = f"https://artifactory.example{prefix}/v2/token"
    return Kind(
        "artifactory.example",
        login("reader"),
        (bearer(realm, "artifactory.example"),),
        realm,
        prefix=prefix,
        # Its link leaves the repository's path out.
        tags=linked("/v2/team/app/tags/list?n=1&last=v1"),
    )


MADE = (
    hub,
    zot,
    harbor,
    quay,
    ghcr,
    gitlab,
    ecr,
    google,
    azure,
    azure_by_identity,
    azure_by_zeros,
    gitea,
    nexus,
    artifactory,
)
KINDS = {make.__name__: make for make in MADE}
