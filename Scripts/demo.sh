#!/bin/sh
# demo.sh: from a clone to coloured loss weights in one command.
#
# Sets up, builds the release command, renders Fixtures/conversations/demo.jsonl for Qwen3 (with a small tokenizer from
# Fixtures, so that nothing is downloaded), shows two examples in colour and writes all of them as one HTML page.
set -eu
cd "$(dirname "$0")/.."

Scripts/setup.sh
echo "demo: building (the first time takes a few minutes)"
swift build -c release --product tinkerkit
tinkerkit=.build/release/tinkerkit
out=${1:-.build/demo}
mkdir -p "$out"

conversations=Fixtures/conversations/demo.jsonl
options="--renderer qwen3 --tokenizer Fixtures/tokenizers/tiny-qwen3"

run() { echo; echo "\$ $*"; "$@"; }
# shellcheck disable=SC2086 # two options and their values
{
  run $tinkerkit render $conversations $options --output "$out/examples.jsonl"
  run $tinkerkit show $conversations $options -n 3 --color always
  run $tinkerkit show $conversations $options --html "$out/examples.html"
}
echo
echo "demo: $(wc -l < "$out/examples.jsonl" | tr -d ' ') training examples in $out/examples.jsonl"
echo "demo: open $out/examples.html in a browser to see every token with its weight"
