"""Draw the desk's charts: SVG with the stylesheet's colours, no script, no inline style.

The same figures stand in a table beside each chart.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

WIDTH = 600
_PART_HEIGHT = 12
_COLUMN_HEIGHT = 90
_GAP = 2
_LEAST_COLUMNS = 12  # two months are not drawn as two walls

_SVG = Markup(
    '<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" '
    'aria-label="{}">{}</svg>'
)
_RECT = Markup(
    '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}">'
    "<title>{}: {}</title></rect>"
)


def draw_parts(parts: Sequence[tuple[str, str, int]], whole: int, description: str) -> Markup:
    """Draw one bar of (class, label, count), as long as its part of the whole."""
    shown = [part for part in parts if part[2] > 0]
    drawn, x = [], 0.0
    for kind, label, count in shown:
        width = WIDTH * count / max(whole, 1)
        drawn.append(_RECT.format(kind, x, 0, max(width - _GAP, 1.5), _PART_HEIGHT, label, count))
        x += width
    return _SVG.format("parts", WIDTH, _PART_HEIGHT, description, Markup("").join(drawn))


def draw_columns(counts: Sequence[tuple[str, float]], description: str) -> Markup:
    """Draw columns of (label, count), the highest as high as the picture."""
    top = max((count for _, count in counts), default=0) or 1
    step = WIDTH / max(len(counts), _LEAST_COLUMNS)
    drawn = []
    for index, (label, count) in enumerate(counts):
        height = _COLUMN_HEIGHT * count / top
        height = max(height, 1.5) if count else 0
        place = (index * step, _COLUMN_HEIGHT - height, max(step - _GAP, 1.0), height)
        shown = f"{count:g}" if count != int(count) else int(count)
        drawn.append(_RECT.format("column", *place, label, shown))
    return _SVG.format("columns", WIDTH, _COLUMN_HEIGHT, description, Markup("").join(drawn))
