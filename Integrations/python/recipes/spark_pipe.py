#!/usr/bin/env python3
"""Spark: RDD.pipe(checkCode=True), replies counted by their ids.

    spark_pipe.py data.jsonl out.jsonl --command 'tinkerkit worker -t Qwen3-8B -r qwen3'

Without checkCode=True a worker that dies loses the rest of its partition in silence, and the job succeeds. A worker
that ends early and well, for example behind `head`, loses it with checkCode=True as well: so requests carry numbers.
"""
import json
import shlex

from common import arguments, whole_or_absent


def lines_of(reply):
    reply = json.loads(reply)
    if "error" in reply:
        raise ValueError(f"record {reply['id']}: {reply['error']['kind']}: {reply['error']['message']}")
    return reply["id"], reply["ok"]["lines"]


def main():
    from pyspark.sql import SparkSession

    a = arguments(__doc__)
    spark = (SparkSession.builder.master(f"local[{a.workers}]").appName("tinkerkit")
             .config("spark.ui.enabled", "false").getOrCreate())
    spark.sparkContext.setLogLevel("OFF")
    try:
        # Records are told apart by line feeds alone, as everywhere else.
        text = spark.sparkContext.textFile(a.input, minPartitions=a.workers * 3)
        records = text.filter(lambda line: line.strip() != "").zipWithIndex().cache()
        expected = records.count()
        requests = records.map(lambda record: '{"id":%d,"op":"render","conversation":%s}' % (record[1], record[0]))
        replies = requests.pipe(shlex.join(a.command), checkCode=True).map(lines_of)
        count = 0
        with whole_or_absent(a.output) as out:
            # One partition after the other reaches the driver, in order.
            for number, lines in replies.toLocalIterator(prefetchPartitions=True):
                if number != count:
                    raise RuntimeError(f"the reply to record {count} is missing; the next is of record {number}")
                count += 1
                for line in lines:
                    out.write(line + "\n")
            if count != expected:
                raise RuntimeError(f"{count} replies to {expected} records")
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
