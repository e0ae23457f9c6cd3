"""Work: jobs found and lost, social assistance, incapacity, wages and basic jobs."""
