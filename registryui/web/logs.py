"""Log lines, for people or for machines, each with the name of the request it belongs to."""

from collections.abc import MutableMapping
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


def as_line(logger: object, name: str, entry: MutableMapping[str, Any]) -> str:
    """Return an entry as one line to read: no text can break it but a traceback of ours."""
    words = [entry.pop("timestamp")[:19], entry.pop("level").upper(), f"{entry.pop('logger')}:"]
    traceback = entry.pop("exception", "")
    words.append(str(entry.pop("event")))
    words += [f"{key}={value}" for key, value in entry.items()]
    line = " ".join(words).replace("\r", "\\r").replace("\n", "\\n")
    return f"{line}\n{traceback}" if traceback else line


def logging_for(form: str) -> dict[str, Any]:
    """Return Django's LOGGING for lines to read (``line``) or one JSON object each (``json``)."""
    last = as_line if form == "line" else structlog.processors.JSONRenderer()
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
