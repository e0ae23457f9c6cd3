"""Levers on crime and on being safe (veiligheid)."""
