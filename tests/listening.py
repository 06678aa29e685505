"""Reading Ember's log in a test."""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """Take down what is logged in the meantime, as Ember would write it."""
    before, log = structlog.get_config(), io.StringIO()
    structlog.configure(**{**before, "logger_factory": structlog.PrintLoggerFactory(log)})
    try:
        yield log
    finally:
        structlog.configure(**before)
