"""One run, many runs, and where their results land."""
