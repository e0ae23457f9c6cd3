"""Levers on work and local business (werk en wijkeconomie)."""
