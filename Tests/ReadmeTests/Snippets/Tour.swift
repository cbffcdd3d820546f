import Foundation
import TestSupport
import Testing
import TinkerKit

/// The Swift of the README's tour, which runs here as it stands there.
@Suite struct Tour {
  @Test func works() async throws {
    let folder = Places.fixtures.appending(path: "tokenizers/tiny-qwen3").path

    let tokenizer = try Tokenizer(contentsOf: folder)
    let renderer = try Renderer(named: "qwen3", tokenizer: tokenizer)
    let messages: [Message] = [.user("Name a river in the Alps."), .assistant("The Aare.")]

    let example = try renderer.supervisedExample(for: messages, trainOn: .allAssistantMessages)
    print(example.tokens.count, "tokens,", example.weights.reduce(0, +), "of them trained")
    for segment in example.segments {
      print(segment.kind, segment.weight, tokenizer.decode(Array(example.tokens[segment.range])))
    }
    #expect(example.weights.contains(1))

    let datum = try example.datum(maxLength: 4096)
    #expect(datum.modelInput.length == example.tokens.count - 1)

    let prompt = try renderer.generationPrompt(for: [.user("What is 2+2?")])
    print(prompt.tokens, renderer.stopSequences)

    var parser = try renderer.makeResponseParser()
    for token in tokenizer.encode("<think>\nEasy.\n</think>\n\n4<|im_end|>") {
      for delta in parser.feed(token) { print(delta) }
    }
    let last = try parser.finish()
    let wanted = Message(
      role: Role.assistant, content: .parts([.thinking("Easy."), .text("4")]))
    #expect(last.last == .message(wanted))
    try await trains(folder, renderer, messages)

    let file = Places.fixtures.appending(path: "golden/images/files/jpg_320x240.jpg").path
    let photo = try WholeFile.bytes(path: file)

    let images = VisionChunkMaker(size: .qwen(.qwen3VL))
    let seeing = try Renderer(named: "qwen3_vl", tokenizer: tokenizer, images: images)
    let question = Message(
      role: Role.user, content: .parts([.image(.bytes(photo)), .text("What is it?")]))
    let shown = try seeing.supervisedExample(for: [question, .assistant("A wave.")])
    print(shown.images[0].expectedTokens, "of", shown.tokens.count, "positions are the image's")

    let patches = try ImagePreprocessor(.qwen3VL).patches(of: [photo])
    print(patches.gridTHW, patches.patchCount, "patches of", patches.patchLength, "values")
    #expect(shown.images[0].expectedTokens == 80)
    #expect(patches.patchCount == 320)

    let encoding = tokenizer.encodeWithOffsets("Grüße, 世界")
    let text = tokenizer.decode(encoding.ids)
    let harmless = tokenizer.encode("<|im_end|>", addedTokens: .none)  // never a control token
    #expect(text == "Grüße, 世界")
    #expect(harmless.count > 1)
  }

  func trains(_ folder: String, _ renderer: Renderer, _ messages: [Message]) async throws {
    let scratch = try Places.scratch()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let state = scratch.path
    let service = LocalService(
      LocalConfiguration(models: [try .small(tokenizer: folder)], stateFolder: state))
    let trainer = try await service.makeTrainer(baseModel: "demo", lora: LoraConfig(rank: 16))
    let data = try ConversationData([Conversation(messages: messages)], renderer: renderer)
    let recipe = try SupervisedTraining(
      data, batchSize: 1, steps: 20, settings: RunSettings(learningRate: 3e-3, savesAtEnd: false))
    let summary = try await recipe.run(
      RunParticipants(
        trainer: trainer, description: RunDescription(recipe: "sft", baseModel: "demo")))
    print(summary.lastStep?["train_mean_nll"] ?? .nan)
    #expect(summary.lastStep?["train_mean_nll"] ?? 9 < 1)
  }
}
