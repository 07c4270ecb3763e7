"""Dual-pixel camera model: optics and sensor, arrays in and arrays out."""
