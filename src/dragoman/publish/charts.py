"""Draw charts on the server: SVG with the stylesheet's colours, no script, no inline style."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 600
HEIGHT = 14
GAP = 2
SHADES = 8  # colours in the stylesheet: k0 to k7; more share the last

_SVG = Markup(
    '<svg class="bar" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
    'aria-label="{}">{}</svg>'
)
_RECT = Markup('<rect class="k{}" x="{}" width="{}" height="{}"><title>{}: {}</title></rect>')


@dataclass(frozen=True, slots=True)
class Share:
    """One stretch of a bar: its name, its count, and the number of its colour."""

    label: str
    count: int
    shade: int


def share_out(counts: Sequence[tuple[str, int]]) -> tuple[Share, ...]:
    """Give each of (label, count) a colour, in order."""
    return tuple(
        Share(label, count, min(index, SHADES - 1))
        for index, (label, count) in enumerate(counts)
        if count > 0
    )


def draw_bar(shares: Sequence[Share], description: str, *, is_mirrored: bool = False) -> Markup:
    """Draw one bar, parted by count; ``is_mirrored`` starts it on the right.

    The description stands in for the picture where it cannot be seen; the page has the
    same figures in a table.
    """
    total = sum(share.count for share in shares) or 1
    room = WIDTH - GAP * (len(shares) - 1)
    parts, x = [], 0.0
    for share in shares:
        width = room * share.count / total
        left = WIDTH - x - width if is_mirrored else x
        place = (share.shade, f"{left:.1f}", f"{width:.1f}", HEIGHT)
        parts.append(_RECT.format(*place, share.label, share.count))
        x += width + GAP
    return _SVG.format(WIDTH, HEIGHT, description, Markup("").join(parts))
