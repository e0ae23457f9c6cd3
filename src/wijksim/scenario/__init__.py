"""Scenarios: small files that say what differs from current policy, checked before anything runs."""
