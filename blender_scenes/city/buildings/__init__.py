"""Houses: façades by a grammar, windows with rooms behind, shops, roofs."""
