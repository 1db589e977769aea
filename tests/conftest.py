"""What all tests share."""

import pytest
import structlog


def _silence() -> None:
    structlog.reset_defaults()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


_silence()  # for what is prepared before the first test


@pytest.fixture(autouse=True)
def _silent() -> None:
    """Say nothing: only the command decides where logs go, and tests look at results."""
    _silence()
