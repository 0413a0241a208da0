"""How enclaves and parks run: quarterly figures and tenants."""
