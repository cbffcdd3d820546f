public import ArgumentParser
public import TinkerKit

// The library's choices as values of options. Their raw values are what the user writes.
extension RecordForm: ExpressibleByArgument {}
extension TrainOn: ExpressibleByArgument {}
extension ExampleFormat: ExpressibleByArgument {}
extension Resampler: ExpressibleByArgument {}
extension Normalization: ExpressibleByArgument {}
extension AlphaRule: ExpressibleByArgument {}
extension Gray16Rule: ExpressibleByArgument {}
extension OrientationRule: ExpressibleByArgument {}
extension RecordSettings.Expansion: ExpressibleByArgument {}
extension RecordSettings.LengthPolicy: ExpressibleByArgument {}
extension FindingCode: ExpressibleByArgument {}
extension FindingSeverity: ExpressibleByArgument {}
