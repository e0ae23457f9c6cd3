"""Levers on how residents and help find each other (vindplaatsen, signaleren, drempels)."""
