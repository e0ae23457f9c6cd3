"""From runs to answers: paired comparison, precision, the national reference."""
