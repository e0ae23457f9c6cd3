"""Real neighbourhoods as published marginals, each figure with its source and year."""
