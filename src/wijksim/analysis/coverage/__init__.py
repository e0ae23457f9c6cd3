"""Whether every row of the source texts can be switched on or measured, and what comes of it."""
