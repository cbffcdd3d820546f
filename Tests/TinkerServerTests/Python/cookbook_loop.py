"""Supervised fine-tuning with tinker-cookbook's renderers and the official SDK, against any server.

    python cookbook_loop.py --base-url http://127.0.0.1:8000 --model demo --data conversations.jsonl [--steps 20]

The loop of the cookbook's `recipes/sl_loop` without its downloads: conversations become datums by
`conversation_to_datum`, a pass and a step are submitted together, checkpoints are saved by `checkpoint_utils`, and a
second client goes on from the last one. The tokenizer is the server's own. Prints one JSON object.
"""

import argparse
import json
import os
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TINKER_TELEMETRY", "0")

import tinker  # noqa: E402
from tinker_cookbook import checkpoint_utils, renderers  # noqa: E402
from tinker_cookbook.supervised.common import compute_mean_nll  # noqa: E402
from tinker_cookbook.supervised.data import conversation_to_datum  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--renderer", default="qwen3")
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--api-key", default="tml-local")
    args = parser.parse_args()

    service = tinker.ServiceClient(base_url=args.base_url, api_key=args.api_key)
    client = service.create_lora_training_client(base_model=args.model, rank=16, seed=1)
    tokenizer = client.get_tokenizer()
    renderer = renderers.get_renderer(args.renderer, tokenizer)
    with open(args.data) as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    plain = lambda m: isinstance(m["content"], str) and "tool_calls" not in m  # noqa: E731
    rows = [row for row in rows if all(plain(m) for m in row["messages"])]
    train_on = renderers.TrainOnWhat.ALL_ASSISTANT_MESSAGES
    batch = [conversation_to_datum(row["messages"], renderer, 512, train_on) for row in rows[:8]]

    def step(which) -> float:
        params = tinker.AdamParams(learning_rate=5e-3, beta1=0.9, beta2=0.95, eps=1e-8)
        passed = which.forward_backward(batch, loss_fn="cross_entropy")
        stepped = which.optim_step(params)
        result = passed.result()
        stepped.result()
        logprobs = [x["logprobs"] for x in result.loss_fn_outputs]
        return compute_mean_nll(logprobs, [d.loss_fn_inputs["weights"] for d in batch])

    losses = [step(client) for _ in range(args.steps)]
    with tempfile.TemporaryDirectory() as log_path:
        checkpoint_utils.save_checkpoint(
            training_client=client, name="final", log_path=log_path, kind="both",
            loop_state={"batch": args.steps}, ttl_seconds=None)
        saved = checkpoint_utils.get_last_checkpoint(log_path)
    resumed = service.create_training_client_from_state_with_optimizer(saved.state_path)
    going_on, next_loss = step(client), step(resumed)

    sampler = service.create_sampling_client(model_path=saved.sampler_path)
    prompt = renderer.build_generation_prompt([rows[0]["messages"][0]])
    params = tinker.SamplingParams(max_tokens=24, temperature=0.0, stop=renderer.get_stop_sequences())
    sequence = sampler.sample(prompt, 1, params).result().sequences[0]
    message, _ = renderer.parse_response(sequence.tokens)
    service.close("success").result()
    print(json.dumps({
        "sdk": tinker.__version__, "examples": len(batch), "losses": losses, "going_on": going_on,
        "resumed": next_loss, "said": message["content"],
    }))


if __name__ == "__main__":
    main()
