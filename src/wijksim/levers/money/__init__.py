"""Levers on income, fixed costs and debts (bestaanszekerheid)."""
