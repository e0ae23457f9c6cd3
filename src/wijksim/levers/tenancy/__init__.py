"""Levers on keeping a home and living with neighbours (woonbegeleiding)."""
