"""地图: counties coloured by a figure of the year, with pairs, enclaves and a table."""
