"""Luigi tasks: one module per stage."""
