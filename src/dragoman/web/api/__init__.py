"""The read API under ``/api/v1``: records for programs, under the same rights as the pages."""

from .routes import close_router, make_router

__all__ = ["close_router", "make_router"]
