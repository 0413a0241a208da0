"""Villages: their stakes in enclaves, their income, and demonstration villages."""
