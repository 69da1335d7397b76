"""Data files that users extend: words that are no places, synonyms, themes."""
