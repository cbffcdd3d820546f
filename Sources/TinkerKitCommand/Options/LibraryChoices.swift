public import ArgumentParser
public import TinkerKit

// The library's choices as values of options. Their raw values are what the user writes.
extension RecordForm: ExpressibleByArgument {}
extension TrainOn: ExpressibleByArgument {}
extension ExampleFormat: ExpressibleByArgument {}
extension RecordSettings.Expansion: ExpressibleByArgument {}
extension RecordSettings.LengthPolicy: ExpressibleByArgument {}
