"""Tasks: what a suite does with its cases. Each reads gold, runs the system under test and scores what came out."""
