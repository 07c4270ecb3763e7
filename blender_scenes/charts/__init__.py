"""Test charts for blur: surfaces that emit light, so that renders have little noise."""
