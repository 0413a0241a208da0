"""The paper province."""
