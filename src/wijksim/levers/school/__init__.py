"""Levers on school and language (onderwijs)."""
