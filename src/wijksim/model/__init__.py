"""The month, the run's state and Mesa's face on it."""
