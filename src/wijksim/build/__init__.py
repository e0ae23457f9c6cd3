"""From place profiles to a world in balance: people, homes, ties, posts."""
