"""月报、季报: the brief of a region for a month or a quarter, on two pages."""
