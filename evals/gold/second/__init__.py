"""A second, independent labelling of a fifth of the gold."""
