#!/usr/bin/env python3
"""Asks a `tinkerkit worker` everything that a folder of goldens knows, and compares.

    Scripts/check_goldens.py [--command .build/release/tinkerkit] [--golden Fixtures/golden]
                             [--tokenizers Fixtures/tokenizers] [--only NAME,…] [--show 10] [--jobs 2]

GOLDEN holds `tokenizers/` and `renderers/` in the shapes that Fixtures/README.md describes. One line a file, the first
differences, and last `N passed, M failed`; exit 1 if anything differs. Python 3.9, standard library only.
"""
import argparse
import concurrent.futures
import json
import pathlib
import subprocess
import sys

# What the reference raises -> the kinds of error that answer it (worker protocol).
REFUSALS = {"NotImplementedError": ["unsupported"], "RendererError": ["conversation", "response"],
            "ValueError": ["conversation", "request"]}


def rows(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


class Question:
    """One request and the answer it must get: an object (some keys of `ok`) or a refusal."""

    def __init__(self, where, request, answer, bare=None):
        self.where, self.request, self.answer, self.bare = where, request, answer, bare

    def difference(self, reply):
        """None, or what was wanted and what came."""
        want, got = self.answer, reply.get("ok")
        if isinstance(want, dict) and isinstance(want.get("error"), dict):
            kinds = REFUSALS.get(want["error"]["class"], ["conversation"])
            if reply.get("error", {}).get("kind") in kinds:
                return None
            if self.bare == "examples" and want["error"]["class"] == "IndexError" and got == {"examples": []}:
                return None  # no message, no example: an empty list says as much
            return {"error": kinds}, reply
        if got is None:
            return want, reply
        got = got.get(self.bare) if self.bare else {k: got[k] for k in ("failure", *want) if k in got}
        return None if got == want else (want, got)


def tokenizer_questions(name, path):
    texts = {row["id"]: row["text"] for row in rows(path.with_name("texts.jsonl"))}
    for row in rows(path):
        text, plain = texts[row["id"]], row["plain"]
        literal = row.get("raw", plain)
        kept = row.get("dec", text)
        where = f"{name} {row['id']}"
        encode = {"op": "encode", "text": text}
        if "off" in row:
            yield Question(where + " offsets", {**encode, "offsets": "scalars"}, {"ids": plain, "offsets": row["off"]})
        yield Question(where + " ids", encode, {"ids": plain})
        yield Question(where + " template", {**encode, "add_special": True}, {"ids": row.get("ids", plain)})
        yield Question(where + " literal", {**encode, "special": "literal"}, {"ids": literal})
        yield Question(where + " none", {**encode, "special": "none"}, {"ids": row.get("none", literal)})
        yield Question(where + " count", {"op": "count", "text": text}, {"count": len(plain)})
        yield Question(where + " text", {"op": "decode", "ids": plain}, {"text": kept})
        yield Question(where + " text without special", {"op": "decode", "ids": plain, "skip_special": True},
                       {"text": row.get("dec_skip", kept)})
    for i, row in enumerate(rows(path.with_name("streams.jsonl"))):
        if row["tokenizer"] == name and "error" not in row:
            yield Question(f"{name} stream {i}", {"op": "decode_stream", "ids": row["ids"], "skip_special": row["skip"]},
                           {"chunks": row["chunks"], "text": row["text"]})


def conversation_questions(where, row):
    messages, supervised = row["messages"], row["supervised"]
    for mode, weights in supervised["weights"].items():
        answer = {"chunks": supervised["chunks"], "weights": weights} if isinstance(weights, list) else weights
        request = {"messages": messages, "train_on": mode}
        if mode == "customized" and "trainable" in row:
            request["trainable"] = row["trainable"]
        yield Question(f"{where} supervised {mode}", {"op": "supervised", **request}, answer)
        examples = row["examples"][mode]
        if examples == "same":
            examples = answer if "error" in answer else [answer]
        yield Question(f"{where} examples {mode}", {"op": "examples", **request}, examples, "examples")
    for ask in row["prompts"]:
        options = {k: ask[k] for k in ("prefill", "role") if k in ask}
        yield Question(f"{where} prompt {ask['upto']} {options or ''}",
                       {"op": "prompt", "messages": messages[: ask["upto"]], **options}, ask["chunks"], "chunks")
    if "omitted" not in row.get("openai", {"omitted": 1}):
        yield Question(f"{where} openai", {"op": "openai", "messages": messages}, row["openai"], "messages")
    if "completion" in row:
        tokens = [t for chunk in supervised["chunks"] for t in chunk][-row["completion"]:]
        for parse in row["parse"]:
            yield Question(f"{where} parse {parse['take']}", {"op": "parse", "tokens": tokens[: parse["take"]]},
                           parse["result"])
        if "stream" in row:
            yield Question(f"{where} stream", {"op": "stream", "tokens": tokens}, row["stream"], "deltas")


def renderer_questions(name, path):
    for row in rows(path):
        where = f"{name} {row.get('id', '')}"
        if row["kind"] == "info":
            names = ("stop", "bos", "has_extension_property", "disables_thinking", "supports_streaming")
            facts = {k: row[k] for k in names}
            question = Question(where + "info", {"op": "info"}, facts)
            question.difference = lambda reply, facts=facts: info_difference(facts, reply)
            yield question
        elif row["kind"] == "conversation":
            yield from conversation_questions(where, row)
        elif row["kind"] == "parse":
            yield Question(where, {"op": "parse", "tokens": row["tokens"]}, row["result"])
            yield Question(where + " stream", {"op": "stream", "tokens": row["tokens"]}, row["stream"], "deltas")
        else:
            yield Question(where, {"op": "tools", "tools": row["tools"], "system": row["system"]}, row["messages"], "messages")
            if "prompt" in row:
                messages = row["messages"] + [{"role": "user", "content": "Go."}]
                yield Question(where + " prompt", {"op": "prompt", "messages": messages}, row["prompt"], "chunks")


def info_difference(facts, reply):
    got = (reply.get("ok") or {}).get("renderer") or {}
    got = {k: got.get(k) for k in facts}
    return None if got == facts else (facts, got)


def ask(command, questions):
    """The replies of one worker, in order. Everything is written to it at once, from a file, so no pipe can fill up."""
    lines = "".join(json.dumps({**q.request, "id": i}) + "\n" for i, q in enumerate(questions))
    done = subprocess.run(command, input=lines.encode(), stdout=subprocess.PIPE, timeout=900)
    replies = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode != 0 or [r.get("id") for r in replies] != list(range(len(questions))):
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}, {len(replies)} replies to {len(questions)} requests")
    return replies


def check(arguments, kind, path):
    """Name, number passed, number failed, and the differences of one golden file."""
    name, worker = path.stem, [arguments.command, "worker"]
    if kind == "tokenizers":
        questions = list(tokenizer_questions(name, path))
        worker += ["--tokenizer", f"{arguments.tokenizers}/{name}"]
    else:
        info = rows(path)[0]
        questions = list(renderer_questions(name, path))
        worker += ["--tokenizer", f"{arguments.tokenizers}/{info['tokenizer']}", "--renderer", info["renderer"]]
        for key, value in info["options"].items():
            worker += ["--renderer-option", f"{key}={json.dumps(value) if isinstance(value, bool) else value}"]
    try:
        replies = ask(worker, questions)
    except (RuntimeError, subprocess.TimeoutExpired, ValueError) as error:
        return name, 0, len(questions), [(name, "answers", str(error))]
    found = [(q.where, *d) for q, r in zip(questions, replies) if (d := q.difference(r))]
    return name, len(questions) - len(found), len(found), found


def excerpt(value, other):
    """The value as JSON, from a little before the place where it differs from the other."""
    text, base = json.dumps(value, ensure_ascii=False), json.dumps(other, ensure_ascii=False)
    at = next((i for i, (a, b) in enumerate(zip(text, base)) if a != b), 0)
    return text[max(0, at - 50): at + 200]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--command", default=".build/release/tinkerkit")
    parser.add_argument("--golden", type=pathlib.Path, default=pathlib.Path("Fixtures/golden"))
    parser.add_argument("--tokenizers", default="Fixtures/tokenizers")
    parser.add_argument("--only", type=lambda s: s.split(","))
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")  # a golden may hold a lone surrogate

    work = [(kind, path) for kind in ("tokenizers", "renderers") for path in sorted((arguments.golden / kind).glob("*.jsonl"))
            if path.stem not in ("texts", "streams") and (not arguments.only or path.stem in arguments.only)]
    passed = failed = shown = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for name, right, wrong, found in pool.map(lambda item: check(arguments, *item), work):
            print(f"{name}: {right} passed, {wrong} failed", flush=True)
            for where, want, got in found[: max(0, arguments.show - shown)]:
                print(f"  {where}\n    want {excerpt(want, got)}\n    got  {excerpt(got, want)}")
            shown += len(found)
            passed, failed = passed + right, failed + wrong
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
