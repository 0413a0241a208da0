"""Enclaves (飞地) and what their contracts promise."""
