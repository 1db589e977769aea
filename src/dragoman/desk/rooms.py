"""The boards of the desk, in the order of its menu. A new one is added here."""

from __future__ import annotations

from dragoman.desk import (
    articles,
    audit,
    costs,
    entrance,
    failures,
    inforce,
    people,
    rights,
    sources,
    stories,
    terminology,
    today,
    translations,
)
from dragoman.desk.board import Board

BOARDS: tuple[Board, ...] = (
    today.board,
    sources.board,
    failures.board,
    translations.board,
    terminology.board,
    stories.board,
    rights.board,
    costs.board,
    audit.board,
    inforce.board,
    people.board,
    articles.board,
    entrance.board,
)
