"""Which branches of tracker/ the tests take, measured by probes in the code instead of a tracer.

    python -m tools.branches prepare   # before the tests: lay the probes
    python -m tools.branches report    # after them: what was not reached, and whether it is enough

On Python 3.11 a tracer stops the interpreter at every line, also those of libraries: the tests of
the engine took 2.4 times their time. A probe is one store into a byte, at the start and before the
end of every block. The bytes lie in a file that all processes map, so that forks, workers, readers
and processes that are killed are measured alike, and nothing is written or merged at their end.
What counts as a statement, as a branch and as left out is what coverage.py says, and so are the
report and its arithmetic (docs/dev/coverage.md).
"""
