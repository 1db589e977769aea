"""Take a picture through the guarded fetcher and a worker, and give it back drawn anew.

What is kept is the picture alone: no metadata, no colour profile, no second frame, nothing that
a file may hide. A worker decodes it, so that a hostile file costs a process, not the server.
"""

from __future__ import annotations

import io

from dragoman.config import Settings
from dragoman.errors import StageError
from dragoman.ingest import Fetcher, Limits
from dragoman.runner import Runner

MAX_BYTES = 8_000_000
MAX_PIXELS = 40_000_000
LARGEST = 1600  # pixels of a side, as it is kept
SMALLEST = 40  # what is smaller counts readers, or is an icon
DEADLINE_S = 20.0
QUALITY = 78

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")  # no SVG: it is a program
_ACCEPT = "image/avif,image/webp,image/jpeg,image/png,image/gif"
_TYPES = frozenset({*_ACCEPT.split(","), "image/jpg", "application/octet-stream", ""})


async def take_picture(settings: Settings, runner: Runner, url: str) -> bytes:
    """Fetch a picture and draw it anew as WebP. Raises leaves of `StageError`."""
    fetch = settings.fetch
    fetcher = Fetcher(
        user_agent=settings.user_agent,
        allow_networks=fetch.allow_networks,
        ports=fetch.ports,
        proxy=fetch.proxy,
        limits=Limits(total_s=min(fetch.total_s, 15.0), max_bytes=MAX_BYTES),
        host_interval=0.0,  # one page's pictures are asked for together, as browsers do
    )
    async with fetcher:
        found = await fetcher.fetch(url, accept=_ACCEPT)
    if found.media_type not in _TYPES:
        raise StageError(f"{url}: is '{found.media_type}' and no picture", permanent=True)
    return await runner.call(redraw, found.body, deadline_s=DEADLINE_S)


def redraw(body: bytes) -> bytes:
    """Draw a picture anew as WebP, at most so large. Raises `StageError`."""
    import warnings

    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(body), formats=FORMATS) as opened:
                if min(opened.size) < SMALLEST:
                    raise StageError("the picture is too small to be one", permanent=True)
                opened.draft("RGB", (LARGEST, LARGEST))  # JPEG: decode no more than is kept
                turned = ImageOps.exif_transpose(opened)
                is_clear = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
                picture = turned.convert("RGBA" if is_clear else "RGB")
        picture.thumbnail((LARGEST, LARGEST))
        picture.info.clear()
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", icc_profile=b"", xmp=b"")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning) as error:
        raise StageError(f"the picture cannot be read: {error}", permanent=True) from error
    except Image.DecompressionBombError as error:
        raise StageError(f"the picture is too large: {error}", permanent=True) from error
    return out.getvalue()
