"""Versioned prompts, one file each, and their loader."""
