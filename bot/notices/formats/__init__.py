"""One module per family of file formats, each with one function: bytes → ``Raw``."""
