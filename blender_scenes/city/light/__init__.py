"""Sun, sky, weather, night, and the exposure that they ask for."""
