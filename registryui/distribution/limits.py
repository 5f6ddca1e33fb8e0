"""How much we take from a registry and how long we wait for it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The caps of one client: times in seconds, sizes in bytes.

    The defaults suit a worker; a web request takes ``Limits.for_web_request()``.
    """

    # 0 is no limit. Of one client: whoever has several divides what they may take.
    requests_at_once: int = 0
    requests_per_second: float = 0
    connect_seconds: float = 5
    # Catalogs on object storage are slow, and deleting a digest reads every tag's link there.
    read_seconds: float = 30
    write_seconds: float = 120
    # The whole of one answer: a server that drips a byte at a time is cut off here.
    answer_seconds: float = 300
    tries: int = 4
    first_retry_seconds: float = 1
    # Longer waits are not slept through: RateLimitedError says how long it would be.
    longest_wait_seconds: float = 60
    page_size: int = 1000
    max_pages: int = 20_000
    max_items: int = 2_000_000
    max_tags: int = 200_000
    max_referrers: int = 1_000
    max_rejected_kept: int = 20
    max_redirects: int = 5
    max_warnings_kept: int = 20
    # 2.8.2 sends all tags in one answer, Google adds a record for each manifest.
    listing_bytes: int = 64 * 1024 * 1024
    manifest_bytes: int = 8 * 1024 * 1024
    config_bytes: int = 8 * 1024 * 1024
    error_bytes: int = 64 * 1024
    token_bytes: int = 128 * 1024
    max_tokens_kept: int = 4_096
    # A wrong password is not tried again by every thread: accounts get locked that way.
    refusal_seconds: float = 30
    idle_connection_seconds: float = 30

    @classmethod
    def for_web_request(cls) -> "Limits":
        """One try and short waits, for a person who is looking at the page."""
        return cls(connect_seconds=2, read_seconds=3, write_seconds=5, answer_seconds=5, tries=1)
