"""Dragoman: a self-hosted, fully automatic, multilingual news relay."""

__version__ = "0.1.0"
