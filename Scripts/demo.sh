#!/bin/sh
# demo.sh [OUT]: from a clone to a trained model in one command, with no key, no network and no graphics card.
#
# Sets up and builds; then, in well under three minutes: renders conversations and shows one in colour, checks the data,
# trains on them, plots the loss, asks the trained model, reads its answer back, and stops a run to let it go on.
# Everything lies in OUT (.build/demo unless given).
set -eu
cd "$(dirname "$0")/.."

Scripts/setup.sh
echo "demo: building (the first time takes a few minutes)"
swift build -c release --product tinkerkit
tinkerkit=$PWD/.build/release/tinkerkit
out=${1:-.build/demo}
rm -rf "$out"
mkdir -p "$out"

facts=Fixtures/training/facts.jsonl
model="--tokenizer Fixtures/tokenizers/tiny-qwen3 --renderer qwen3_instruct"
local="--local --state $out/state"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { echo "\$ tinkerkit $*"; "$tinkerkit" "$@"; }
# value FILE KEY: the text of a key in the last line that has it.
value() { sed -n "s/.*\"$2\": \"\([^\"]*\)\".*/\1/p" "$1" | tail -n 1; }

# shellcheck disable=SC2086 # options and their values
{
  say "1. Fifty conversations become tokens with weights; green is trained"
  run render $facts $model --output "$out/examples.jsonl"
  run show $facts $model -n 1 --color always
  run show Fixtures/conversations/demo.jsonl $model --html "$out/examples.html"

  say "2. Nothing in them would train wrongly"
  run check $facts $model

  say "3. A small model of random weights learns them by heart"
  run train sft $facts $model $local --steps 150 --batch-size 8 --rank 16 --eval $facts -o "$out/facts"

  say "4. It answers"
  weights=$(value "$out/facts/checkpoints.jsonl" sampler_path)
  for question in "What is the capital of Japan?" "What does an owl do?" "What is 3 + 4?"; do
    run sample "$question" $model $local --model-path "$weights" --temperature 0
  done

  say "5. A run that is stopped goes on as if nothing had happened"
  run train sft $facts $model $local --steps 40 --batch-size 8 --rank 16 --save-every 10 -o "$out/whole" --quiet
  "$tinkerkit" train sft $facts $model $local --steps 40 --batch-size 8 --rank 16 --save-every 10 -o "$out/stopped" --quiet &
  process=$!
  while [ ! -s "$out/stopped/checkpoints.jsonl" ]; do sleep 0.05; done
  kill -TERM $process
  wait $process || true
  if grep -q '"final"' "$out/stopped/checkpoints.jsonl"; then
    echo "(it was faster than we)"
  else
    run train sft --resume "$out/stopped" --quiet
  fi
  losses() { sed 's/.*"train_mean_nll": \([^,}]*\).*/\1/' "$1/metrics.jsonl"; }
  losses "$out/whole" >"$out/whole.txt"
  losses "$out/stopped" >"$out/stopped.txt"
  cmp "$out/whole.txt" "$out/stopped.txt" && echo "all $(wc -l <"$out/whole.txt" | tr -d ' ') losses are the same, to the last digit"
}
say "All of it is in $out"
echo "examples.html     every token of sixteen conversations with its weight"
echo "facts/            settings, metrics and checkpoints of the run; report.html shows them as curves"
