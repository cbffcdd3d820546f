#!/usr/bin/env python3
"""Audit and shaping in figures, against rendering the same file in the same run: a Markdown table.

    Benchmarks/audit.py [--tokenizer FOLDER] [--renderer qwen3] [--conversations 100000] [--repeat 3]

Standard library only. Every figure is the best of --repeat runs; runs of different kinds take turns, so that a busy
machine slows all of them. The audit is measured twice: the findings that derive from one rendering, and all findings,
four of which render, parse or encode again (not-a-prefix, history-changes, does-not-parse-back, retokenizes).
"""
import argparse
import json
import os
import pathlib
import random
import tempfile

from rendering import ROOT, conversations, run

COSTLY = ["not-a-prefix", "history-changes", "does-not-parse-back", "retokenizes"]


def first_fit(lengths, capacity):
    """Rows by first fit in the order of the data, the way most tools pack; a tree of rooms finds the first."""
    size = 1
    while size < len(lengths):
        size *= 2
    rooms = [0] * (2 * size)
    for i in range(size):
        rooms[size + i] = capacity
    for i in range(size - 1, 0, -1):
        rooms[i] = max(rooms[2 * i], rooms[2 * i + 1])
    rows = 0
    for length in lengths:
        i = 1
        while i < size:
            i = 2 * i if rooms[2 * i] >= length else 2 * i + 1
        rows = max(rows, i - size + 1)
        rooms[i] -= length
        while i > 1:
            i //= 2
            rooms[i] = max(rooms[2 * i], rooms[2 * i + 1])
    return rows


def next_fit(lengths, capacity):
    """Rows by filling one after the other, as concatenating loaders do."""
    rows, room = 0, 0
    for length in lengths:
        if length > room:
            rows, room = rows + 1, capacity
        room -= length
    return rows


def mixed(path, source, count):
    """Conversations of very different lengths: turns of several joined, a few long ones among many short ones."""
    generator = random.Random(7)
    lines = [json.loads(line) for line in open(source, encoding="utf-8")]
    with open(path, "w", encoding="utf-8") as out:
        for i in range(count):
            messages = []
            for _ in range(min(24, max(1, int(generator.paretovariate(1.1))))):
                messages += [m for m in lines[generator.randrange(len(lines))]["messages"] if m["role"] in ("user", "assistant")]
            out.write(json.dumps({"messages": messages}) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", default=str(ROOT / ".build/release/tinkerkit"))
    parser.add_argument("--tokenizer", default=str(ROOT / "Fixtures/tokenizers/tiny-qwen3"))
    parser.add_argument("--renderer", default="qwen3")
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--row", type=int, default=4096)
    parser.add_argument("--repeat", type=int, default=3)
    a = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, out = f"{folder}/data.jsonl", f"{folder}/out.jsonl"
        conversations(data, a.conversations)
        common = ["--renderer", a.renderer, "--tokenizer", a.tokenizer, "--quiet"]
        ignored = [word for code in COSTLY for word in ("--ignore", code)]
        render = [a.command, "render", data, *common]
        kinds = {
            "render": [*render, "-o", out],
            "check, findings from one rendering": [a.command, "check", data, *common, *ignored],
            "check, all findings": [a.command, "check", data, *common],
            f"render --pack {a.row} --format tokens": [*render, "--pack", str(a.row), "--format", "tokens", "-o", out],
            "render to .zst": [*render, "-o", f"{out}.zst"],
            "render to .gz": [*render, "-o", f"{out}.gz"],
        }
        results = {name: [] for name in kinds}
        for _ in range(a.repeat):
            for name, command in kinds.items():
                results[name].append(run(command, accepted=(0, 1)))
        best = {name: (min(r[0] for r in runs), min(r[1] for r in runs), max(r[2] for r in runs)) for name, runs in results.items()}
        base = best["render"][0]
        print(f"{a.conversations:,} conversations, {os.path.getsize(data) / 1e6:.1f} MB, renderer {a.renderer}, "
              f"tokenizer {pathlib.Path(a.tokenizer).name}, {os.cpu_count()} cores, best of {a.repeat}\n")
        print("| what | time | to render | conversations/s | processor time | peak memory |\n|---|---|---|---|---|---|")
        for name, (seconds, cpu, memory) in best.items():
            print(f"| {name} | {seconds:.2f} s | {seconds / base:.2f} × | {a.conversations / seconds:,.0f} | {cpu:.2f} s | {memory:.0f} MB |")

        few = f"{folder}/few.jsonl"
        conversations(few, 400)
        mixed(data, few, min(a.conversations, 50_000))
        print(f"\nRows, {min(a.conversations, 50_000):,} conversations of mixed length, --expand none:\n")
        print("| row | best fit, longest first, in windows (`--pack`) | first fit, all in memory | one after the other |\n|---|---|---|---|")
        for row in (2048, 4096, 8192):
            shared = [a.command, "render", data, *common, "--expand", "none", "--format", "tokens", "--too-long", "drop"]
            counts = json.loads(os.popen(" ".join([*shared, "--pack", str(row), "--dry-run", "--json"])).read())
            run([*shared, "--max-length", str(row), "-o", out], accepted=(0, 1))
            lengths = [len(json.loads(line)["tokens"]) for line in open(out, encoding="utf-8")]
            assert sum(lengths) == counts["tokens"] == counts["rows"] * row - counts["padding"]
            shares = [sum(lengths) / (rows * row) for rows in (counts["rows"], first_fit(lengths, row), next_fit(lengths, row))]
            print(f"| {row} | " + " | ".join(f"{share:.2%} full" for share in shares) + " |")


if __name__ == "__main__":
    main()
