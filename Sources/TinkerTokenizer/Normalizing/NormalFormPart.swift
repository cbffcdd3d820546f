/// A character on its way through a normal form.
struct NormalFormPart {
  var codePoint: UInt32
  let combiningClass: UInt8
  /// How many characters of the source this one stands for. Those of a decomposition but the first
  /// stand for none, a composed character for the sum of its parts.
  var taken: Int

  init(_ codePoint: UInt32, taken: Int) {
    self.codePoint = codePoint
    self.taken = taken
    combiningClass = NormalFormTables.shared.classes[codePoint]
  }

  /// Puts every run of marks into the order of their classes; equal ones keep their order.
  static func sortMarks(_ parts: inout [NormalFormPart]) {
    var start = 0
    while start < parts.count {
      guard parts[start].combiningClass > 0 else {
        start += 1
        continue
      }
      var end = start + 1
      while end < parts.count, parts[end].combiningClass > 0 { end += 1 }
      if end - start > 1 {
        let order = (start..<end).sorted {
          (parts[$0].combiningClass, $0) < (parts[$1].combiningClass, $1)
        }
        parts.replaceSubrange(start..<end, with: order.map { parts[$0] })
      }
      start = end
    }
  }

  /// Composes every mark with the starter before it, unless a mark between them that stays blocks it.
  static func composed(_ parts: [NormalFormPart]) -> [NormalFormPart] {
    let tables = NormalFormTables.shared
    var result: [NormalFormPart] = []
    var starter: Int?
    var lastClass: UInt8?
    for part in parts {
      let isFree = lastClass.map { $0 < part.combiningClass } ?? true
      if let place = starter, isFree,
        let composed = tables.composition(result[place].codePoint, part.codePoint)
      {
        result[place].codePoint = composed
        result[place].taken += part.taken
        continue
      }
      result.append(part)
      if part.combiningClass == 0 {
        starter = result.count - 1
        lastClass = nil
      } else if starter != nil {
        lastClass = part.combiningClass
      }
    }
    return result
  }
}
