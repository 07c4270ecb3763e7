"""Networks trained for equal time on a GPU, from a small folder that is carried there.

See `python -m benchmarks.gpu_experiment --help` and ``benchmarks/README.md``.
"""
