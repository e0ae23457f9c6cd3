"""Levers on who works in the neighbourhood, how many and how (sociale basis, wijkteams)."""
