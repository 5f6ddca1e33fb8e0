"""Registries filled once a session, one for each way to get in, and the sync that reads them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme

from registryui import connections
from registryui.catalog.models import Registry
from registryui.declarations import Declaration
from registryui.distribution.limits import Limits
from registryui.sample.serving import serve
from registryui.sync.crawl import Terms, crawl
from registryui.sync.declare import declare_registries
from registryui.sync.progress import CrawlResult
from tests.real import filling
from tests.real.comparing import Get, get_through
from tests.real.processes import Server, docker_registry
from tests.real.skopeo import Skopeo
from tests.real.token_server import TokenServer

USERNAME, PASSWORD = "reader", "open-sesame"
QUICK = Limits(tries=1)
HTPASSWD = f"{USERNAME}:$2y$05$abcdefghijklmnopqrstuutXu9KzOt.1yBoZUeFWoT/914/JfszCO\n"


@dataclass(frozen=True)
class Setup:
    """One registry as an administrator set it up: how we get in, and how skopeo does."""

    server: Server
    skopeo: Skopeo
    settings: dict[str, Any] = field(default_factory=dict)
    token_server: TokenServer | None = None

    def declaration(self, **changes: Any) -> Declaration:
        """Return its declaration, with some settings otherwise."""
        settings = {"url": self.server.url, **self.settings, **changes}
        return Declaration(slug="default", **settings)


class Sync:
    """Crawls registries under the slug ``default`` into the index."""

    def __init__(self, settings: Any) -> None:
        self._settings = settings

    @property
    def registry(self) -> Registry:
        """The registry's row, as it is now."""
        return Registry.objects.get(slug="default")

    def run(self, declaration: Declaration, limits: Limits = QUICK) -> CrawlResult:
        """Declare the registry and crawl it; unless told otherwise nothing is tried twice."""
        connections.close_clients()
        self._settings.REGISTRIES = (declaration,)
        declare_registries(self._settings.REGISTRIES)
        client = connections.client_for(self.registry, limits=limits)
        return crawl(self.registry, client, Terms(threads=8))


@pytest.fixture
def sync(db: None, settings: Any) -> Iterator[Sync]:
    """Return the sync; its connections are closed afterwards."""
    yield Sync(settings)
    connections.close_clients()
    connections.transports.clear()


@pytest.fixture
def get(client: Any) -> Get:
    """Return what fetches the JSON twin of a page."""
    return get_through(client)


@pytest.fixture(scope="session")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory for the registries of this session."""
    return tmp_path_factory.mktemp("registries")


@pytest.fixture(scope="session")
def layout(workplace: Path) -> filling.Layout:
    """Return the images that are pushed."""
    return filling.make_layout(workplace / "images")


@pytest.fixture(scope="session")
def plain(workplace: Path, layout: filling.Layout) -> Iterator[Setup]:
    """Run the filled registry without TLS, open to everybody."""
    with docker_registry(workplace / "plain") as server:
        skopeo = Skopeo(server.host)
        filling.fill(skopeo, layout)
        yield Setup(server, skopeo)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Return an authority that nobody knows."""
    return trustme.CA()


@pytest.fixture(scope="session")
def secure(plain: Setup, authority: trustme.CA, workplace: Path) -> Iterator[Setup]:
    """Run it with a certificate of our own authority."""
    directory = workplace / "secure"
    directory.mkdir()
    issued = authority.issue_cert("127.0.0.1")
    issued.cert_chain_pems[0].write_to_path(directory / "server.pem")
    issued.private_key_pem.write_to_path(directory / "server.key")
    (directory / "trust").mkdir()
    authority.cert_pem.write_to_path(directory / "trust/ca.crt")
    tls = {"certificate": f"{directory}/server.pem", "key": f"{directory}/server.key"}
    with docker_registry(directory, root=plain.server.root, http={"tls": tls}) as server:
        skopeo = Skopeo(server.host, (f"--cert-dir={directory}/trust",))
        yield Setup(server, skopeo, {"ca_file": f"{directory}/trust/ca.crt"})


@pytest.fixture(scope="session")
def with_password(plain: Setup, workplace: Path) -> Iterator[Setup]:
    """Run it behind a password (htpasswd)."""
    directory = workplace / "with-password"
    directory.mkdir()
    (directory / "htpasswd").write_text(HTPASSWD, encoding="utf-8")
    auth = {"htpasswd": {"realm": "the tests", "path": str(directory / "htpasswd")}}
    with docker_registry(directory, root=plain.server.root, auth=auth) as server:
        yield Setup(server, *_credentials(server))


@pytest.fixture(scope="session")
def with_tokens(plain: Setup, workplace: Path) -> Iterator[Setup]:
    """Run it behind a token server."""
    directory = workplace / "with-tokens"
    directory.mkdir()
    tokens = TokenServer(USERNAME, PASSWORD)
    with ExitStack() as stack:
        realm = stack.enter_context(serve(tokens))
        auth = tokens.configuration(f"{realm}/token", directory)
        server = stack.enter_context(docker_registry(directory, root=plain.server.root, auth=auth))
        yield Setup(server, *_credentials(server), tokens)


def _credentials(server: Server) -> tuple[Skopeo, dict[str, Any]]:
    options = ("--tls-verify=false", f"--creds={USERNAME}:{PASSWORD}")
    return Skopeo(server.host, options), {"username": USERNAME, "password": PASSWORD}


@pytest.fixture(params=["plain", "secure", "with_password", "with_tokens"])
def setup(request: pytest.FixtureRequest) -> Setup:
    """Return each of the four registries in turn."""
    chosen: Setup = request.getfixturevalue(request.param)
    return chosen


@pytest.fixture(scope="session")
def small_storage(workplace: Path, layout: filling.Layout) -> Path:
    """Return the files of a registry of fourteen repositories, to be copied."""
    with docker_registry(workplace / "small") as server:
        filling.fill_small(Skopeo(server.host), layout)
        return server.root


@pytest.fixture
def small(small_storage: Path, tmp_path: Path) -> Iterator[Setup]:
    """Run a small registry of the test's own, to be changed."""
    root = tmp_path / "storage"
    shutil.copytree(small_storage, root)
    with docker_registry(tmp_path / "registry", root=root) as server:
        yield Setup(server, Skopeo(server.host))


@pytest.fixture
def restarted(small: Setup, tmp_path: Path) -> Iterator[Callable[[], Setup]]:
    """Return what starts the small registry again, on another port."""
    with ExitStack() as stack:

        def start() -> Setup:
            again = docker_registry(tmp_path / "again", root=small.server.root)
            server = stack.enter_context(again)
            return Setup(server, Skopeo(server.host))

        yield start
