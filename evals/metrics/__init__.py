"""Metrics: pure functions from plain values to scores, one concern per module, each with its source.

Nothing here reads a file, opens a store or knows a suite. EVALS.md of the contract defines every figure.
"""
