"""Notices made up from a grammar of the genre, with the labels that a reader would write: any number, from a seed.

For speed and for crashes, where five notices are too few, and as a first test of the rules on every layout. Their
wording is narrow and regular: a figure of quality measured on them says little about real notices. Not made: figures
whose meaning hangs on the context (其余3处, 8月25日 without a year), sub-measures, traditional text, damaged files.
"""
