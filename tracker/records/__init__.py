"""What people enter and read back, each feature whole in its folder.

Back rooms (`models`, `queries`, `service` and every other name) read only features before their
own, in the order that pyproject.toml gives; `kinds`, `forms` and `rules` declare and may read any
back room; `views` and `cli` are read by the lists of features and commands alone. Nothing is
computed for a year here.
"""
