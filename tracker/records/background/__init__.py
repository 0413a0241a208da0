"""后台办理: long work that somebody asked for on a page, a row each; the file that came of it.

A kind of work is a function with a line above it (`declared.work`); docs/dev/job.md adds one.
"""
