"""Prints the last row of logits of a base model with an adapter, as PEFT computes them.

    peft_logits.py MODEL ADAPTER TOKEN...          ADAPTER exists
    peft_logits.py --make MODEL ADAPTER TOKEN...   ADAPTER is made by PEFT first, of rank 3, with random values
"""
import json, sys
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import Qwen3ForCausalLM

words = sys.argv[1:]
makes = words[0] == "--make"
model, adapter, *tokens = words[makes:]
base = Qwen3ForCausalLM.from_pretrained(model, dtype=torch.float32, attn_implementation="eager")
if makes:
    torch.manual_seed(3)
    modules = ["q_proj", "v_proj", "up_proj", "down_proj", "lm_head"]
    tuned = get_peft_model(base, LoraConfig(r=3, lora_alpha=12, target_modules=modules, init_lora_weights=False, task_type="CAUSAL_LM"))
    tuned.save_pretrained(adapter, save_embedding_layers=False)
else:
    tuned = PeftModel.from_pretrained(base, adapter)
with torch.no_grad():
    logits = tuned(input_ids=torch.tensor([[int(t) for t in tokens]])).logits[0, -1]
print(json.dumps(logits.tolist()))
