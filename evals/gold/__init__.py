"""Gold labelled by reading; see README.md beside this file."""
