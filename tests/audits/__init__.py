"""Audits that walk the whole site: who gets in, dead links, valid pages, queries that grow."""
