// libpng and libjpeg behind calls that return instead of jumping.
//
// Both libraries report a fatal error by longjmp. Every function below sets its own jump target before
// it enters the library and leaves by `return`, so that no jump crosses a frame of the caller. A call
// that fails fills `failure` and makes the object unusable for anything but closing.

#ifndef CTINKERSHIMS_H
#define CTINKERSHIMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
  TK_IMAGE_CORRUPT = 0,
  TK_IMAGE_TRUNCATED = 1,
  TK_IMAGE_UNSUPPORTED = 2,
  TK_IMAGE_OUT_OF_MEMORY = 3,
} tk_image_failure_kind;

typedef struct {
  tk_image_failure_kind kind;
  size_t offset;      // bytes of the input that the library had taken
  char message[200];  // the library's sentence, ends with a zero byte
} tk_image_failure;

// ---- PNG, read by rows

typedef struct {
  uint32_t width;
  uint32_t height;
  uint8_t channels;      // of the rows that are delivered: 1 grey, 2 grey+alpha, 3 RGB, 4 RGBA
  uint8_t sample_bytes;  // 2 (big-endian) for 16-bit grey without alpha, otherwise 1
  bool interlaced;
  bool has_key;          // the file marks one grey value or colour as transparent
  uint16_t key[3];       // that value as the file writes it; grey stands in all three
} tk_png_info;

typedef struct tk_png_reader tk_png_reader;

// Reads up to the first row. `bytes` must outlive the reader. `keep_alpha` keeps the alpha channel and
// makes one of a palette's transparency. NULL on failure.
tk_png_reader *tk_png_open(
    const uint8_t *bytes, size_t count, bool keep_alpha, tk_png_info *info, tk_image_failure *failure);

// The next `count` rows of a file that is not interlaced, `stride` bytes apart.
bool tk_png_read_rows(
    tk_png_reader *reader, uint8_t *rows, size_t stride, uint32_t count, tk_image_failure *failure);

// All rows of an interlaced file, `stride` bytes apart.
bool tk_png_read_interlaced(
    tk_png_reader *reader, uint8_t *rows, size_t stride, tk_image_failure *failure);

// Reads the rest of the file, to find damage there.
bool tk_png_finish(tk_png_reader *reader, tk_image_failure *failure);

void tk_png_close(tk_png_reader *reader);

// ---- JPEG, read by rows

typedef struct {
  uint32_t width;
  uint32_t height;
  uint8_t channels;  // of the rows that are delivered: 1 grey, 3 RGB, 4 CMYK as the file stores it
} tk_jpeg_info;

typedef struct tk_jpeg_reader tk_jpeg_reader;

// Reads the header. `bytes` must outlive the reader. NULL on failure.
tk_jpeg_reader *tk_jpeg_open(
    const uint8_t *bytes, size_t count, tk_jpeg_info *info, tk_image_failure *failure);

// Begins the decoding; takes the memory that the library needs.
bool tk_jpeg_start(tk_jpeg_reader *reader, tk_image_failure *failure);

// The next `count` rows, `stride` bytes apart.
bool tk_jpeg_read_rows(
    tk_jpeg_reader *reader, uint8_t *rows, size_t stride, uint32_t count, tk_image_failure *failure);

// Reads the rest of the file, to find damage there.
bool tk_jpeg_finish(tk_jpeg_reader *reader, tk_image_failure *failure);

void tk_jpeg_close(tk_jpeg_reader *reader);

// ---- JPEG, written by rows with the library's defaults

typedef struct tk_jpeg_writer tk_jpeg_writer;

// `channels` is 1 (grey), 3 (RGB) or 4 (CMYK as the file shall store it). The comment, if there is one,
// is written after the file's header; it may have up to 65,533 bytes. NULL on failure.
tk_jpeg_writer *tk_jpeg_write_open(
    uint32_t width, uint32_t height, uint8_t channels, const uint8_t *comment, size_t comment_count,
    tk_image_failure *failure);

bool tk_jpeg_write_rows(
    tk_jpeg_writer *writer, const uint8_t *rows, size_t stride, uint32_t count,
    tk_image_failure *failure);

// Ends the file. `*bytes` belongs to the writer and lives until it is closed.
bool tk_jpeg_write_finish(
    tk_jpeg_writer *writer, const uint8_t **bytes, size_t *count, tk_image_failure *failure);

void tk_jpeg_write_close(tk_jpeg_writer *writer);

#endif
