#!/usr/bin/env python3
"""Parquet: a column of messages in, columns of tokens and weights out, one row group after the other.

    parquet_columns.py data.parquet out.parquet --command 'tinkerkit worker -t Qwen3-8B -r qwen3 --format tokens'

Columns in: `messages` (a list of structs), and `tools` and `id` if they are there. Columns out: `record` (the number
of the row, because a conversation may give several examples), `id`, `tokens` (int32) and `weights` (float32).
"""
import json
import os

from common import arguments


def without_nulls(value):
    """Arrow gives every struct the keys of all and fills what is missing with nulls; they are taken out again."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def main():
    import pyarrow
    import pyarrow.parquet
    from tinkerkit_worker import LineWorker

    a = arguments(__doc__)
    schema = pyarrow.schema([
        ("record", pyarrow.int64()), ("id", pyarrow.string()),
        ("tokens", pyarrow.list_(pyarrow.int32())), ("weights", pyarrow.list_(pyarrow.float32()))])
    source = pyarrow.parquet.ParquetFile(a.input)
    known = [name for name in ("id", "messages", "tools") if name in source.schema_arrow.names]
    partial, number = f"{a.output}.partial", 0
    try:
        with LineWorker(a.command) as worker, pyarrow.parquet.ParquetWriter(partial, schema) as writer:
            for batch in source.iter_batches(batch_size=1024, columns=known):
                rows = [without_nulls(row) for row in batch.to_pylist()]
                columns = {name: [] for name in schema.names}
                for lines in worker.render(json.dumps(row) for row in rows):
                    for line in map(json.loads, lines):
                        columns["record"].append(number)
                        columns["id"].append(None if "id" not in line else str(line["id"]))
                        columns["tokens"].append(line["tokens"])
                        columns["weights"].append(line["weights"])
                    number += 1
                writer.write_table(pyarrow.table(columns, schema=schema))
        if number != source.metadata.num_rows:
            raise RuntimeError(f"{number} replies to {source.metadata.num_rows} rows")
        os.replace(partial, a.output)
    finally:
        if os.path.exists(partial):
            os.unlink(partial)


if __name__ == "__main__":
    main()
