"""Log lines, for people or for machines, each with the name of the request it belongs to."""

from typing import Any

import structlog

# What every line gets, ours and other libraries' alike.
COMMON = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.ExtraAdder(),
    structlog.processors.format_exc_info,
]


def logging_for(form: str) -> dict[str, Any]:
    """Return Django's LOGGING for lines to read (``line``) or one JSON object each (``json``)."""
    last: Any = structlog.processors.JSONRenderer()
    if form == "line":
        last = structlog.processors.KeyValueRenderer(
            key_order=["timestamp", "level", "logger", "event", "request_id"], drop_missing=True
        )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": COMMON,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "chosen"}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "huey": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
        },
    }
