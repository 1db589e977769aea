"""What all tests share."""

import structlog

# Libraries log; only the command decides where to. Tests look at results, not at logs.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
