import Testing

@Suite struct JSONWriterTests {}
