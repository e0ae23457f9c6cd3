"""Levers on meeting and mutual help (ontmoeting)."""
