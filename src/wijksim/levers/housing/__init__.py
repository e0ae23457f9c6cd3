"""Levers on the dwellings themselves (bouwen, opknappen, verkopen)."""
