"""Levers on other levers: how long, by whom and how well tuned (sturing)."""
