/// The forms in which examples are written, one a line.
public enum ExampleFormat: String, Sendable, Hashable, CaseIterable {
  /// `{"model_input":…,"loss_fn_inputs":{"target_tokens":…,"weights":…}}`, as the service takes it.
  case datum
  /// `{"id":…,"tokens":[…],"weights":[…],"segments":[[start,end,message,kind,weight],…]}`
  case tokens
  /// `{"input_ids":[…],"labels":[…],"attention_mask":[…]}`, unshifted, as Hugging Face's trainers
  /// take it: the label is -100 where the weight is 0.
  case hf
}
