"""Levers on who gets a vacant dwelling (toewijzen)."""
