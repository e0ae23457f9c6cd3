"""Tools without a domain word: randomness, time, units, registries, documents with positions, errors."""
