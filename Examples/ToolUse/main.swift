// An episode of several turns with a tool. What the model writes is never rendered or encoded again: the
// tool's answer is appended to its tokens, so all turns become one training example.
import TinkerKit

let folder = "Fixtures/tokenizers/tiny-qwen3"
let tokenizer = try Tokenizer(contentsOf: folder)
let renderer = try Renderer(named: "qwen3_instruct", tokenizer: tokenizer)

let add = Tool(
  ToolSpec(
    name: "add", description: "Adds two integers.",
    parameters: [
      "type": "object",
      "properties": ["a": ["type": "integer"], "b": ["type": "integer"]],
      "required": ["a", "b"],
    ])
) { arguments in
  "\((arguments["a"]?.int ?? 0) + (arguments["b"]?.int ?? 0))"
}
let task = try ToolTask([.user("What is 19 + 23?")], tools: [add], renderer: renderer) { answer in
  answer.message.content.joinedText.contains("42") ? 1 : 0
}

// In training a sampler writes the answers; here they are written by hand, to see what becomes of them.
let turns = [
  "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 19, \"b\": 23}}\n</tool_call><|im_end|>",
  "It is 42.<|im_end|>",
]
var environment: any TokenEnvironment = ChatEnvironment(task, renderer: renderer)
var observation: Observation? = try await environment.start()
var trajectory = Trajectory(transitions: [])
for text in turns {
  guard let now = observation else { break }
  let tokens = tokenizer.encode(text)
  let action = SampledSequence(
    tokens: tokens, logprobs: [Float](repeating: -1, count: tokens.count), stopReason: .stop)
  let step = try await environment.step(action)
  trajectory.transitions.append(.init(prompt: now.prompt, action: action, reward: step.reward))
  observation = step.next
}

let made = try TrajectoryData(trajectory, advantage: 1)
print("reward", trajectory.totalReward, "in", made.data.count, "example without a break")
for datum in made.data {
  let mask = datum.lossInput(named: "mask")?.floats ?? []
  let targets = datum.lossInput(named: "target_tokens")?.floats ?? []
  for (target, isOwn) in zip(targets, mask) where isOwn == 1 {
    print(tokenizer.decode([UInt32(target)]), terminator: "")
  }
}
print()
precondition(made.data.count == 1 && made.breaks.isEmpty && trajectory.totalReward == 1)
