"""The front door for people and scripts: the ``dragoman`` command."""

from dragoman.cli.app import main

__all__ = ["main"]
