"""Find elements of a page by the little of CSS that the tests need."""

import re

from lxml import html

_PART = re.compile(r"\.([\w-]+)|\[([\w:-]+)(?:=\"?([^\]\"]*)\"?)?\]|([\w-]+)")


def find(node: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    """Find by tags, classes and attributes, one inside the other, in order of the page."""
    paths = []
    for one in selector.split(","):
        steps = []
        for part in one.split():
            tag, tests = "*", ""
            for name, attribute, value, element in _PART.findall(part):
                tag = element or tag
                if name:
                    tests += f"[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]"
                elif attribute:
                    tests += f"[@{attribute}='{value}']" if value else f"[@{attribute}]"
            steps.append(f"descendant::{tag}{tests}")
        paths.append("/".join(steps))
    return list(node.xpath(" | ".join(paths)))
