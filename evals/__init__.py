"""Evaluation: gold, metrics, suites, comparison of runs, reports."""
