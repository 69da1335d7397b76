"""Measurements of speed, to be run by hand: `make bench`."""
