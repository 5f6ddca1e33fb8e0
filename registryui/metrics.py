"""/metrics: what Prometheus reads of this process, of the index, of the sync and of the queue."""

import hmac
import os
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Sum
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import REGISTRY, CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from registryui.accounts.http import AccessRequest
from registryui.audit.api import backlogs
from registryui.catalog.models import Registry
from registryui.jobs.api import waiting_by_kind
from registryui.sync.models import SyncRun
from registryui.web.errors import NOT_FOUND, NOT_SIGNED_IN, error_response


class IndexCollector(Collector):
    """Reads the figures that are in the database; the same whichever process is asked."""

    def __init__(self, now: datetime) -> None:
        """Take the moment that ages are counted from."""
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Yield the figures of the registries, of their syncs, of the audit log, of the queue."""
        yield from self._of_registries()
        yield from self._of_runs()
        yield from self._of_audit()
        waiting = GaugeMetricFamily("registryui_jobs_waiting", "Jobs waiting.", labels=["kind"])
        for kind, count in waiting_by_kind().items():
            waiting.add_metric([kind], count)
        yield waiting

    def _of_registries(self) -> Iterator[Metric]:
        by = ["registry"]
        age = GaugeMetricFamily("registryui_index_age_seconds", "Since the last sync.", labels=by)
        failing = GaugeMetricFamily(
            "registryui_registry_failing", "1: last sync failed.", labels=by
        )
        repositories = GaugeMetricFamily("registryui_repositories", "With tags.", labels=by)
        tags = GaugeMetricFamily("registryui_tags", "Of people.", labels=by)
        stored = GaugeMetricFamily("registryui_stored_bytes", "Compressed.", labels=by)
        pulls = GaugeMetricFamily(
            "registryui_registry_pulls_left", "Of those it counts, as it last said.", labels=by
        )
        waiting = GaugeMetricFamily(
            "registryui_registry_tags_waiting", "For pulls that it counts.", labels=by
        )
        for row in Registry.objects.declared():
            if row.pull_limit is not None:
                pulls.add_metric([row.slug], row.pulls_left)
            waiting.add_metric([row.slug], row.kept_count)
            if row.last_success_at is not None:
                age.add_metric([row.slug], (self._now - row.last_success_at).total_seconds())
            failing.add_metric([row.slug], float(bool(row.last_error)))
            repositories.add_metric([row.slug], row.repository_count)
            tags.add_metric([row.slug], row.tag_count)
            stored.add_metric([row.slug], row.stored_bytes)
        yield from (age, failing, repositories, tags, stored, pulls, waiting)

    def _of_runs(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "registryui_sync_requests", "Asked of the registry by syncs.", labels=["registry"]
        )
        failures = CounterMetricFamily(
            "registryui_sync_failures", "Repositories not read by syncs.", labels=["registry"]
        )
        sums = SyncRun.objects.values_list("registry__slug").annotate(
            asked=Sum("requests"), unread=Sum("failed")
        )
        for slug, asked, failed in sums.order_by("registry__slug"):
            requests.add_metric([slug], asked)
            failures.add_metric([slug], failed)
        yield from (requests, failures)

    def _of_audit(self) -> Iterator[Metric]:
        by = ["receiver"]
        events = GaugeMetricFamily(
            "registryui_audit_forward_lag_events", "Not forwarded yet.", labels=by
        )
        seconds = GaugeMetricFamily(
            "registryui_audit_forward_lag_seconds", "Since the oldest of them.", labels=by
        )
        for backlog in backlogs():
            since = backlog.oldest_at or self._now
            events.add_metric([backlog.target], backlog.events)
            seconds.add_metric([backlog.target], max(0.0, (self._now - since).total_seconds()))
        yield from (events, seconds)


@login_not_required
@require_safe
@never_cache
def metrics(request: AccessRequest) -> HttpResponse:
    """Answer in Prometheus' text format; of several web processes all are counted."""
    if not (_knows_the_token(request) or request.access.reads_audit):
        return _refuse(request)
    index = CollectorRegistry()
    index.register(IndexCollector(timezone.now()))
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        process = CollectorRegistry()
        MultiProcessCollector(process)  # type: ignore[no-untyped-call]  # untyped in 0.26
    else:
        process = REGISTRY
    return HttpResponse(generate_latest(process) + generate_latest(index), CONTENT_TYPE_LATEST)


def _knows_the_token(request: AccessRequest) -> bool:
    """Say whether ``REGISTRYUI_METRICS_TOKEN`` was sent, if there is one."""
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    expected: str = settings.METRICS_TOKEN
    is_same = hmac.compare_digest(sent.strip().encode("utf-8", "replace"), expected.encode())
    return bool(expected) and scheme.lower() == "bearer" and is_same


def _refuse(request: AccessRequest) -> HttpResponse:
    if request.access.is_signed_in:
        return error_response(request, NOT_FOUND)
    response = error_response(request, NOT_SIGNED_IN)
    response["WWW-Authenticate"] = 'Bearer realm="Registry UI"'
    return response
