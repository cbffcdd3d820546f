"""What the recipes share: arguments, records, and an output that is whole or absent."""
import argparse
import contextlib
import os
import pathlib
import shlex
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))


def arguments(description):
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("input", help="conversations, one a line")
    parser.add_argument("output")
    parser.add_argument("--command", required=True, help="the worker's command line: 'tinkerkit worker -t … -r …'")
    parser.add_argument("--workers", type=int, default=2)
    a = parser.parse_args()
    a.command = shlex.split(a.command)
    return a


def records(path):
    """The lines that hold something, as `render` counts records."""
    with open(path, encoding="utf-8", newline="\n") as file:
        return [line.rstrip("\n") for line in file if line.strip()]


@contextlib.contextmanager
def whole_or_absent(path):
    """A file that appears under its name only when everything went well."""
    partial = f"{path}.partial"
    try:
        with open(partial, "w", encoding="utf-8", newline="\n") as file:
            yield file
        os.replace(partial, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(partial)
