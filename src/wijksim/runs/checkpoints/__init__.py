"""Checkpoints: the whole state of a run in two files, arrays and structure, from which the run goes on bit for bit."""
