#!/usr/bin/env python3
"""Dask: one worker for each partition of a bag, order kept.

    dask_bag.py data.jsonl out.jsonl --command 'tinkerkit worker -t Qwen3-8B -r qwen3'
"""
import os

from common import arguments, whole_or_absent


def main():
    import dask.bag
    from tinkerkit_worker import render_partition

    a = arguments(__doc__)
    # A few partitions for each worker, so that a slow one does not hold up the others. One process starts for each.
    size = max(1, os.path.getsize(a.input) // (a.workers * 3) + 1)
    bag = dask.bag.read_text(a.input, blocksize=size, encoding="utf-8")
    lines = bag.filter(str.strip).map_partitions(lambda part: list(render_partition(a.command, part)))
    with whole_or_absent(a.output) as out:
        # The partitions of a bag are in the order of the file, and so is what is computed of them.
        for line in lines.compute(scheduler="processes", num_workers=a.workers):
            out.write(line + "\n")


if __name__ == "__main__":
    main()
