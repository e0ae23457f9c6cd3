"""Sweeps: one experiment file, many runs, none of them lost."""
