"""The paper tasks."""
