"""From a file's bytes to records: load, clean, outline, extract, chunk."""
