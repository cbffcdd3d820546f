/// The cosines and sines by which the heads of each row are rotated, `[rows, head width / 2]`.
package struct Rotation {
  /// The cosines.
  package let cosine: Matrix
  /// The sines.
  package let sine: Matrix

  /// A rotation of rows.
  package init(cosine: Matrix, sine: Matrix) {
    self.cosine = cosine
    self.sine = sine
  }

  /// The rotation of some of the rows.
  package func rows(_ range: Range<Int>) -> Rotation {
    Rotation(cosine: cosine.rows(range), sine: sine.rows(range))
  }
}
