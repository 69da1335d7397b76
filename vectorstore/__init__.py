"""The store: a catalogue with a Chinese lexical index (SQL) and a collection of vectors (Chroma) that agree."""
