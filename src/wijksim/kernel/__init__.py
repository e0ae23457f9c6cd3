"""The five primitives of the model and what a contributor subclasses."""
