"""The paper quarter."""
