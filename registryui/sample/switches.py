"""How the sample registry behaves: who may come in, what it can do, and how it fails."""

from dataclasses import dataclass, field
from typing import Literal

# What a registry does not delete by digest: what a tag points to (Google: 400), what an index
# lists (zot: 405), or both (Docker Hub: 403).
Keeps = Literal["", "tagged", "indexed", "referenced"]


@dataclass
class Switches:
    """The behaviour of a `SampleRegistry`; change any field at any time, also while it serves.

    The defaults are a healthy open registry of the OCI distribution-spec 1.1. Paths in
    `fail_paths`, `cut_paths` and `slow_paths` match when the text occurs in the path with query.
    """

    # Who may come in
    auth: Literal["none", "basic", "bearer"] = "none"
    username: str = "reader"
    password: str = "open-sesame"  # noqa: S105 - the made-up password of a made-up registry
    identity_token: str = ""  # accepted by POST /token with grant_type=refresh_token
    service: str = "registry.example"
    realm: str = ""  # "" = this registry's own /token, or its name when Basic
    anonymous_pull: bool = False  # tokens that only pull for who sends no credentials
    token_seconds: int = 300
    has_token_post: bool = True  # False: POST /token is 404, as on old token servers
    denied_actions: set[str] = field(default_factory=set)  # of pull, push and delete, for everybody
    denied: set[str] = field(default_factory=set)  # repositories nobody may touch
    challenges: list[str] = field(default_factory=list)  # sent instead of the right challenge

    # What it can do
    delete_enabled: bool = True
    deletes_tags: bool = True  # False: 400 DIGEST_INVALID by tag, as distribution 2.8.2
    always_deletes_tags: bool = False  # whatever delete_enabled says, as distribution 3.0.0
    keeps: Keeps = ""  # which digests it does not delete
    immutable_tags: set[str] = field(default_factory=set)  # 409 TAG_IMMUTABLE, as Quay
    push_enabled: bool = True  # False: 405 UNSUPPORTED, as a pull-through cache
    read_only: bool = False  # 405 text/plain with Allow: GET, HEAD
    has_catalog: bool = True
    has_referrers: bool = True
    filters_referrers: bool = True
    has_head: bool = True  # False: HEAD of a manifest is 404 while GET works
    has_etags: bool = True  # False: no Etag, and If-None-Match is ignored
    old_tags: bool = False  # unsorted and unpaged, as distribution 2.8.2
    catalog_page: int = 100  # names on a page when the client does not say
    largest_page: int = 1000  # tag lists are clamped to it, as in distribution 3.1.1
    refuses_large_pages: bool = True  # the catalog's 400; False: it is clamped too, as on Quay
    blob_redirect: str = ""  # base URL: blobs answer 307 to {blob_redirect}/storage/DIGEST

    # What it counts, as Docker Hub does; 0 = nothing
    pull_limit: int = 0  # GETs of manifests it allows; SampleRegistry.pulls says how many were made
    pull_window: int = 21600
    pull_source: str = "203.0.113.7"
    pull_refusal_is_text: bool = False  # the 429 says it in plain text, without the count

    # How it fails
    rate_limit_after: int | None = None  # requests answered before 429; see forget_requests()
    retry_after: str = "1"  # seconds or an HTTP date; "" = no header
    fail_next: list[int] = field(default_factory=list)  # statuses for the next requests
    fail_paths: dict[str, int] = field(default_factory=dict)
    cut_paths: list[str] = field(default_factory=list)  # half of the promised body, then close
    slow_paths: list[str] = field(default_factory=list)  # empty = every path
    slow_methods: set[str] = field(default_factory=set)  # empty = every method
    slow_seconds: float = 0.0
    deletes_really: bool = True  # False: 202 like the others, and everything is still there
    delete_status: int | None = None  # answered to deletions that were made
    truncate_catalog: bool = False  # a Link is sent, the page behind it is a 500
    truncate_tags: bool = False
    wrong_digest: Literal["", "header", "body"] = ""  # the header lies | the bytes are altered
    no_digest_header: bool = False
    manifest_type: str = ""  # the Content-Type of every manifest, whatever it is
    null_tags: bool = False  # "tags": null
    junk_tags: list[object] = field(default_factory=list)  # more entries of every tag list
    junk_repositories: list[object] = field(default_factory=list)
    endless_link: bool = False  # every page links to itself
    foreign_link: str = ""  # base URL put before the path of a Link
    html_login_page: bool = False  # 200 text/html for everything
    warnings: list[str] = field(default_factory=list)  # Warning: 299 headers
