#!/usr/bin/env python3
"""Beam: a DoFn owns the worker, buffers a bundle and flushes it; numbers restore the order.

    beam_pipeline.py data.jsonl out.jsonl --command 'tinkerkit worker -t Qwen3-8B -r qwen3'
"""
import glob
import tempfile

from common import arguments, records, whole_or_absent


def main():
    import apache_beam as beam
    from apache_beam.options.pipeline_options import PipelineOptions
    from apache_beam.transforms.window import GlobalWindow
    from apache_beam.utils.windowed_value import WindowedValue

    class Render(beam.DoFn):
        """`setup` starts the worker, `process` buffers, `finish_bundle` flushes, `teardown` ends."""

        size = 256

        def __init__(self, command):
            self.command = command

        def setup(self):
            from tinkerkit_worker import LineWorker

            self.worker = LineWorker(self.command)

        def start_bundle(self):
            self.buffer = []

        def process(self, element):
            self.buffer.append(element)
            if len(self.buffer) >= self.size:
                yield from self.flush()

        def finish_bundle(self):
            # What finish_bundle yields has no window of its own.
            window = GlobalWindow()
            for row in self.flush():
                yield WindowedValue(row, window.max_timestamp(), [window])

        def flush(self):
            numbers, texts = [n for n, _ in self.buffer], [t for _, t in self.buffer]
            self.buffer = []
            # Counted by the helper: a worker that ends early raises here, and the bundle fails.
            for number, lines in zip(numbers, list(self.worker.render(texts)), strict=True):
                yield f"{number:012d}\t" + "\t".join(lines)

        def teardown(self):
            self.worker.kill()

    a = arguments(__doc__)
    lines = records(a.input)
    with tempfile.TemporaryDirectory() as folder:
        options = PipelineOptions(
            ["--runner=DirectRunner", f"--direct_num_workers={a.workers}", "--direct_running_mode=in_memory"])
        with beam.Pipeline(options=options) as pipeline:
            (pipeline
             | beam.Create(list(enumerate(lines)))
             | beam.Reshuffle()
             | beam.ParDo(Render(a.command))
             | beam.io.WriteToText(f"{folder}/part"))
        # A collection has no order; the shards are put together by the numbers.
        rows = sorted(row.rstrip("\n") for path in glob.glob(f"{folder}/part*") for row in open(path, encoding="utf-8"))
        if [int(row[:12]) for row in rows] != list(range(len(lines))):
            raise RuntimeError(f"{len(rows)} replies to {len(lines)} records, or not one for each")
        with whole_or_absent(a.output) as out:
            for row in rows:
                for line in row.split("\t")[1:]:
                    if line:
                        out.write(line + "\n")


if __name__ == "__main__":
    main()
