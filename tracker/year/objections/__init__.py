"""Objections (申诉) of counties against lines of their cards while these are published."""
