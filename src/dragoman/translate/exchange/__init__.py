"""Glossaries and translation memories as other tools keep them: CSV, TBX and TMX."""

from dragoman.translate.exchange.glossary_files import read_csv, write_csv, write_tbx
from dragoman.translate.exchange.tmx import read_tmx, write_tmx

__all__ = ["read_csv", "read_tmx", "write_csv", "write_tbx", "write_tmx"]
