"""The reference's side of rendering.py: reads conversations, builds one supervised example each, writes nothing.

    python reference_render.py TOKENIZER RENDERER CONVERSATIONS      prints `{"load": s, "render": s, "conversations": n}`
"""
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "Scripts" / "fixtures"))
start = time.perf_counter()
import reference  # noqa: E402
from tinker_cookbook.renderers import get_renderer  # noqa: E402

tokenizer = reference.load_tokenizer(pathlib.Path(sys.argv[1]))
renderer = get_renderer(sys.argv[2], tokenizer, model_name="benchmark")
loaded = time.perf_counter()
count = 0
with open(sys.argv[3], encoding="utf-8") as file:
    for line in file:
        messages = [reference.message_in(m) for m in json.loads(line)["messages"]]
        reference.example_out(renderer.build_supervised_example(
            messages, reference.base.TrainOnWhat.ALL_ASSISTANT_MESSAGES))
        count += 1
print(json.dumps({"load": loaded - start, "render": time.perf_counter() - loaded, "conversations": count}))
