// One import for users: everything the library offers.
@_exported public import TinkerClient
@_exported public import TinkerData
@_exported public import TinkerFiles
@_exported public import TinkerJSON
@_exported public import TinkerLocal
@_exported public import TinkerRendering
@_exported public import TinkerTemplate
@_exported public import TinkerTokenizer
@_exported public import TinkerTraining
@_exported public import TinkerVision
@_exported public import TinkerWire
