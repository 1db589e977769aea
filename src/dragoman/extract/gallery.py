"""Which pictures of a page are the article's, each once, in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dragoman.extract.body import Body
from dragoman.extract.flow import Flow, Mark, Run
from dragoman.extract.pictures import Frames, Picture, identify_picture, read_picture

if TYPE_CHECKING:
    from dragoman.extract.template import Template

_BEFORE = 14  # runs between headline and first paragraph that a main picture may stand among


def _reach(flow: Flow, body: Body, heading: Run | None) -> tuple[int, int]:
    if not body.runs:
        return (heading.index - 3, heading.index + _BEFORE) if heading is not None else (0, -1)
    first, last = body.runs[0].index, body.runs[-1].index
    start = first - _BEFORE
    if heading is not None and heading.index < first:
        start = max(heading.index - 6, first - 60)
    return start, last


def _is_linked_away(mark: Mark, picture: Picture) -> bool:
    # A linked picture without words leads to another story; links to the picture itself do not.
    href = mark.href
    if not href:
        return False
    path = href.partition("?")[0].lower()
    if path.endswith((".jpg", ".jpeg", ".png", ".webp", ".gif")):
        return False
    return picture.caption is None and not picture.image.credit


def place_pictures(
    flow: Flow, body: Body, heading: Run | None, main: str, template: Template | None
) -> list[Picture]:
    """Choose the pictures inside the body's reach, and the main one wherever it stands."""
    start, stop = _reach(flow, body, heading)
    frames = Frames(flow)
    main_name = identify_picture(main) if main else ""
    found: dict[str, Picture] = {}
    # Some sites veil the whole article until a script has run; its pictures are shown then.
    is_veiled = 2 * sum(run.place.is_hidden for run in body.runs) > len(body.runs)
    for mark in flow.marks:
        is_hidden = mark.place.is_hidden and not is_veiled
        if not mark.is_picture or is_hidden or not start <= mark.index <= stop + 1:
            continue
        picture = read_picture(mark, frames, flow.base)
        if picture is None or (
            template is not None and template.repeats_picture(picture.image.url)
        ):
            continue
        name = identify_picture(picture.image.url)
        if _is_linked_away(mark, picture) and name != main_name:
            continue
        known = found.get(name)
        if known is None or (known.caption is None and picture.caption is not None):
            found[name] = picture
    return sorted(found.values(), key=lambda picture: picture.index)
