// The compiler has comparisons of vectors, but the standard library's operators do not use them. The
// setting that turns this on is in the package's manifest; without it, `WordLanes` does the same.
#if hasFeature(BuiltinModule) && _endian(little)
  import Builtin

  /// Sixteen bytes at a time.
  package struct VectorLanes: ByteLanes {
    private let lanes: (SIMD16<UInt8>, SIMD16<UInt8>, SIMD16<UInt8>, SIMD16<UInt8>)

    @unsafe
    @inline(__always)
    package init(_ bytes: UnsafeRawPointer) {
      lanes = unsafe (
        bytes.loadUnaligned(as: SIMD16<UInt8>.self),
        bytes.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self),
        bytes.loadUnaligned(fromByteOffset: 32, as: SIMD16<UInt8>.self),
        bytes.loadUnaligned(fromByteOffset: 48, as: SIMD16<UInt8>.self)
      )
    }

    @inline(__always)
    package func mask(of characters: ClosedRange<UInt8>) -> UInt64 {
      let first = SIMD16<UInt8>(repeating: characters.lowerBound)
      let count = SIMD16<UInt8>(
        repeating: characters.upperBound &- characters.lowerBound &+ 1)
      return gather {
        Builtin.cmp_ult_Vec16xInt8(
          Builtin.sub_Vec16xInt8($0, first._storage._value), count._storage._value)
      }
    }

    @inline(__always)
    package func mask(of character: UInt8) -> UInt64 {
      let wanted = SIMD16<UInt8>(repeating: character)
      return gather { Builtin.cmp_eq_Vec16xInt8($0, wanted._storage._value) }
    }

    @inline(__always)
    package var letters: UInt64 {
      let fold = SIMD16<UInt8>(repeating: 0x20)
      let first = SIMD16<UInt8>(repeating: 0x61)
      let count = SIMD16<UInt8>(repeating: 26)
      return gather {
        let folded = Builtin.or_Vec16xInt8($0, fold._storage._value)
        return Builtin.cmp_ult_Vec16xInt8(
          Builtin.sub_Vec16xInt8(folded, first._storage._value), count._storage._value)
      }
    }

    @inline(__always)
    package var wide: UInt64 {
      let zero = SIMD16<UInt8>(repeating: 0)
      return gather { Builtin.cmp_slt_Vec16xInt8($0, zero._storage._value) }
    }

    @inline(__always)
    private func gather(
      _ test: (Builtin.Vec16xInt8) -> Builtin.Vec16xInt1
    ) -> UInt64 {
      Self.bits(test(lanes.0._storage._value))
        | Self.bits(test(lanes.1._storage._value)) << 16
        | Self.bits(test(lanes.2._storage._value)) << 32
        | Self.bits(test(lanes.3._storage._value)) << 48
    }

    @inline(__always)
    private static func bits(_ tests: Builtin.Vec16xInt1) -> UInt64 {
      UInt64(UInt16(Builtin.bitcast_Vec16xInt1_Int16(tests)))
    }
  }

  package typealias FastLanes = VectorLanes
#else
  package typealias FastLanes = WordLanes
#endif
