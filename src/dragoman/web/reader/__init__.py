"""The Google Reader API, as reading programs speak it: an edition is a folder, a source a feed.

Nobody ever wrote that protocol down; the names are Google's, and what is answered is what
programs ask of the servers that they know. Subscriptions are the operator's: one reader may read,
star and mark as read, and change nothing else.
"""

from .routes import make_router

__all__ = ["make_router"]
