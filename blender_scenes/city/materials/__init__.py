"""Surfaces as shader nodes."""
