"""What reports of one happening count, and where they differ: 12 dead here, 15 there.

`find_figures` reads a sentence in the language it was written in; `compare_figures` gives what
different reports count differently. Numbers are quoted with their words and never worked out.
"""

from dragoman.publish.figures.comparing import Said, compare_figures
from dragoman.publish.figures.finding import EVERYBODY, Figure, find_figures
from dragoman.publish.figures.quoting import cut_quote

__all__ = ["EVERYBODY", "Figure", "Said", "compare_figures", "cut_quote", "find_figures"]
