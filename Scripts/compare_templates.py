#!/usr/bin/env python3
"""Compares TinkerTemplate with transformers over the chat templates of packages.

    swift build -c release --product TemplateRunner
    python compare_templates.py --work DIR [--packages trl,vllm,...] [--golden DIR] [--tokenizers DIR] [--verbose N]

Needs transformers 5.5.4 (see CONTRIBUTING.md). Downloads the packages into DIR with pip, without installing them,
and takes from them every *.jinja file and every string of a Python file that loops over messages. Each template
renders every conversation of Fixtures and, where given, of the golden files, with and without a generation prompt,
with and without tools. Text must be equal, refusals must be refusals on both sides, and the ranges of
{% generation %} markers must be equal. Prints a row for each template; exit code 1 on differences.
"""
import argparse
import ast
import datetime
import hashlib
import json
import pathlib
import subprocess
import sys
import tarfile
import zipfile

import transformers.utils.chat_template_utils as reference

ROOT = pathlib.Path(__file__).resolve().parents[1]
PACKAGES = ("llama-cpp-python,trl,mistral-common,axolotl,sglang,unsloth,renderers,verl,ms-swift,llamafactory,litellm,"
            "lm-eval,nemo-rl,guidance,vllm")
NOW = datetime.datetime(2026, 7, 1, 12, 34, 56)
TOOLS = [{"type": "function", "function": {
    "name": "get_weather", "description": "Weather of a place; \"now\" or <later>",
    "parameters": {"type": "object", "properties": {
        "city": {"type": "string", "description": "Städtename"}, "days": {"type": "integer", "default": 3},
        "unit": {"type": "string", "enum": ["c", "f"]}}, "required": ["city"]}}}]
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>"}


class FixedDate(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


# ---------------------------------------------------------------- templates
def download(names, work):
    for name in names:
        done = work / f"{name}.ok"
        if done.exists():
            continue
        run = subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(work / "dl" / name), name],
                             capture_output=True, text=True)
        if run.returncode == 0:
            done.write_text("")
        else:
            print(f"# {name} could not be had: {run.stderr.strip().splitlines()[-1:]}")


def members(archive):
    """Name and reader of each file of a wheel or source archive."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as z:
            for info in z.infolist():
                yield info.filename, lambda info=info: z.read(info)
    else:
        with tarfile.open(archive) as t:
            for info in t:
                if info.isfile():
                    yield info.name, lambda info=info: t.extractfile(info).read()


def strings(source):
    """Long strings of a Python file that loop over messages."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if "messages" in node.value and "{%" in node.value and "endfor" in node.value:
                yield node.lineno, node.value


def templates_of_packages(work):
    for archive in sorted((work / "dl").glob("**/*")):
        if not archive.name.endswith((".whl", ".tar.gz")):
            continue
        package = archive.name.split("-")[0]
        for name, read in members(archive):
            short = name.rsplit("/", 1)[-1]
            if name.endswith((".jinja", ".jinja2", ".j2")):
                yield f"{package}/{short}", read().decode("utf-8")
            elif name.endswith(".py") and "template" in name.lower() or short in ("chat.py", "llama_chat_format.py"):
                for line, text in strings(read().decode("utf-8", "replace")):
                    yield f"{package}/{short}:{line}", text
            elif name.endswith(("tokenizer_config.json", "chat_template.json")):
                value = json.loads(read()).get("chat_template")
                if isinstance(value, str):
                    yield f"{package}/{short}", value


def templates_of_tokenizers(folder):
    for path in sorted(folder.glob("**/*tokenizer_config.json")) if folder else []:
        value = json.loads(path.read_text(encoding="utf-8")).get("chat_template")
        if isinstance(value, str):
            yield f"tokenizers/{path.name.split('.')[0]}", value


# ---------------------------------------------------------------- conversations
def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def plain(message):
    """A message as Hugging Face writes it: reasoning beside the text, arguments as an object."""
    out = {k: v for k, v in message.items() if k not in ("unparsed_tool_calls", "trainable")}
    if isinstance(out.get("content"), list):
        parts = out["content"]
        thinking = "".join(p.get("thinking", "") for p in parts if p.get("type") == "thinking")
        if thinking:
            out["reasoning_content"] = thinking
        rest = [p for p in parts if p.get("type") != "thinking"]
        if all(p.get("type") == "text" for p in rest):
            out["content"] = "".join(p["text"] for p in rest)
        else:
            out["content"] = rest
    calls = []
    for call in out.get("tool_calls") or []:
        function = dict(call["function"])
        try:
            function["arguments"] = json.loads(function["arguments"])
        except (TypeError, ValueError):
            pass
        calls.append({**call, "function": function})
    if "tool_calls" in out and out["tool_calls"] is not None:
        out["tool_calls"] = calls
    return out


def conversations(golden):
    seen, out = set(), []
    files = sorted((ROOT / "Fixtures" / "conversations").glob("*.jsonl")) + (sorted(golden.glob("*.jsonl")) if golden else [])
    for path in files:
        for record in read(path):
            if "messages" not in record or record.get("kind", "conversation") != "conversation":
                continue
            for messages in (record["messages"], [plain(m) for m in record["messages"]]):
                key = json.dumps(messages, sort_keys=True)
                if key not in seen:
                    seen.add(key)
                    out.append(messages)
    return out


def requests(records):
    for i, messages in enumerate(records):
        tools = TOOLS if i % 3 == 1 else None
        yield {"messages": messages, "tools": tools, "documents": None, "add_generation_prompt": i % 2 == 0, **SPECIAL}


# ---------------------------------------------------------------- comparison
def expected(template, variables):
    v = dict(variables)
    rest = {k: v[k] for k in SPECIAL}
    try:
        rendered, ranges = reference.render_jinja_template(
            [v["messages"]], tools=v["tools"], chat_template=template, return_assistant_tokens_mask=True,
            add_generation_prompt=v["add_generation_prompt"], **rest)
        return rendered[0], [list(r) for r in ranges[0]], None
    except Exception as error:
        return None, None, f"{type(error).__name__}: {error}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--packages", default=PACKAGES)
    parser.add_argument("--golden", type=pathlib.Path)
    parser.add_argument("--tokenizers", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--verbose", type=int, default=3)
    parser.add_argument("--runner", type=pathlib.Path, default=ROOT / ".build" / "release" / "TemplateRunner")
    options = parser.parse_args()
    reference.datetime = FixedDate
    reference.logger.warning_once = lambda *a, **k: None
    options.work.mkdir(parents=True, exist_ok=True)
    download([p for p in options.packages.split(",") if p], options.work)

    found, seen = [], set()
    for name, text in [*templates_of_tokenizers(options.tokenizers), *templates_of_packages(options.work)]:
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest not in seen and options.only in name:
            seen.add(digest)
            found.append((name, text))
    cases = list(requests(conversations(options.golden)))
    total = {"equal": 0, "refused": 0, "marked": 0, "different": 0}
    failing, shown, unread = 0, 0, 0
    print("| template | equal text | of them with markers | refused by both | different |\n|---|---|---|---|---|")
    for name, text in found:
        lines = []
        for i, case in enumerate(cases):
            request = {"variables": case, "date": NOW.strftime("%Y-%m-%dT%H:%M:%S")}
            if i == 0:
                request = {"template": text, **request}
            lines.append(json.dumps(request))
        run = subprocess.run([str(options.runner)], input="\n".join(lines) + "\n", capture_output=True, text=True)
        replies = [json.loads(line) for line in run.stdout.split("\n") if line]
        if len(replies) != len(cases):
            print(f"{name}: the runner ended with {run.returncode} after {len(replies)} of {len(cases)}", file=sys.stderr)
        try:
            reference._compile_jinja_template(text)
        except Exception as error:
            unread += 1
            verdict = "both" if "error" in replies[0] else "ONLY BY THE REFERENCE"
            print(f"| {name} | | | not a template for {verdict}: {str(error)[:60]} | |")
            continue
        counts = {"equal": 0, "refused": 0, "marked": 0, "different": 0}
        for case, reply in zip(cases, replies):
            output, ranges, error = expected(text, case)
            if error is not None and "error" in reply:
                counts["refused"] += 1
            elif error is None and reply.get("text") == output and reply["generations"] == ranges:
                counts["equal"] += 1
                counts["marked"] += bool(ranges)
            else:
                counts["different"] += 1
                if shown < options.verbose:
                    shown += 1
                    print(f"--- {name}\n  reference: {error or ''}\n  ours: {reply.get('error', '')}", file=sys.stderr)
                    mine = reply.get("text") or ""
                    if output is not None and "text" in reply:
                        at = next((j for j, (a, b) in enumerate(zip(output, mine)) if a != b), min(len(output), len(mine)))
                        print(f"  at {at}: {output[max(at - 60, 0):at + 60]!r}\n    ours: {mine[max(at - 60, 0):at + 60]!r}\n"
                              f"  {ranges} {reply['generations']}", file=sys.stderr)
                    else:
                        print(f"  {json.dumps(case)[:600]}", file=sys.stderr)
        for key, value in counts.items():
            total[key] += value
        failing += counts["different"] > 0
        print(f"| {name} | {counts['equal']} | {counts['marked']} | {counts['refused']} | {counts['different']} |")
    print(f"\n{len(found)} templates ({unread} unreadable), {len(cases)} conversations: {total['equal']} equal, {total['marked']} of "
          f"them with markers, {total['refused']} refused by both, {total['different']} different in {failing} templates")
    return 1 if total["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
