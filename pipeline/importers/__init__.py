"""Readers of RGB-D data that others made: one module per source."""
