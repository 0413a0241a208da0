"""Cooperation projects (合作项目)."""
