"""Pictures of the memo beside its bands and differences: each with a text alternative and a table of what it shows."""
