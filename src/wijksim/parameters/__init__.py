"""Every number of the model, with unit, range, kind, grade and source."""
