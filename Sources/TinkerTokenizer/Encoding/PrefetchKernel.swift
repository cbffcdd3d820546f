#if hasFeature(BuiltinModule)
  import Builtin
#endif

/// Asks the processor for memory that is going to be read, where the compiler can say so.
enum PrefetchKernel {
  @inline(__always)
  static func read(_ address: UnsafeRawPointer) {
    #if hasFeature(BuiltinModule)
      // For reading, into all levels, data.
      Builtin.int_prefetch_RawPointer(
        address._rawValue, Int32(0)._value, Int32(3)._value, Int32(1)._value)
    #endif
  }
}
