"""Trees, hedges, grass and flower beds, by season."""
