"""The words that a translation shall use: terms, names, and what was translated before."""
