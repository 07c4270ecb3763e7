"""Road, pavements, terrain and markings."""
