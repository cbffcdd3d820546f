#include "CTinkerShims.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tk_png_reader {
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  size_t count;
  size_t offset;
  bool reached_end;
  bool damaged_data;  // zlib found damage that libpng only warned of
  bool interlaced;
  int passes;
  uint32_t height;
  jmp_buf jump;
  char message[200];
};

static bool fail(tk_png_reader *reader, tk_image_failure *failure) {
  failure->kind = reader->reached_end ? TK_IMAGE_TRUNCATED : TK_IMAGE_CORRUPT;
  failure->offset = reader->offset;
  snprintf(failure->message, sizeof failure->message, "%s", reader->message);
  return false;
}

static void on_error(png_structp png, png_const_charp message) {
  tk_png_reader *reader = png_get_error_ptr(png);
  snprintf(reader->message, sizeof reader->message, "%s", message);
  longjmp(reader->jump, 1);
}

// libpng warns, and goes on, when zlib finds damage after the last row. "Too much image data" and
// "Extra compressed data" are harmless and stay warnings.
static void on_warning(png_structp png, png_const_charp message) {
  tk_png_reader *reader = png_get_error_ptr(png);
  if (strncmp(message, "IDAT: in", 8) == 0) {  // "incorrect …" and "invalid …"
    reader->damaged_data = true;
    snprintf(reader->message, sizeof reader->message, "%s", message);
  }
}

static void on_read(png_structp png, png_bytep into, size_t count) {
  tk_png_reader *reader = png_get_io_ptr(png);
  if (count > reader->count - reader->offset) {
    reader->offset = reader->count;
    reader->reached_end = true;
    png_error(png, "the file ends too early");
  }
  memcpy(into, reader->bytes + reader->offset, count);
  reader->offset += count;
}

tk_png_reader *tk_png_open(
    const uint8_t *bytes, size_t count, bool keep_alpha, tk_png_info *info, tk_image_failure *failure) {
  tk_png_reader *reader = calloc(1, sizeof *reader);
  if (reader != NULL) {
    reader->bytes = bytes;
    reader->count = count;
    // The jump target must stand before the library is entered for the first time.
    if (setjmp(reader->jump)) {
      fail(reader, failure);
      tk_png_close(reader);
      return NULL;
    }
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, on_error, on_warning);
    if (reader->png != NULL) reader->info = png_create_info_struct(reader->png);
  }
  if (reader == NULL || reader->png == NULL || reader->info == NULL) {
    failure->kind = TK_IMAGE_OUT_OF_MEMORY;
    failure->offset = 0;
    snprintf(failure->message, sizeof failure->message, "no memory for the PNG decoder");
    tk_png_close(reader);
    return NULL;
  }
  png_structp png = reader->png;
  png_set_read_fn(png, reader, on_read);
  png_set_user_limits(png, 0x7fffffff, 0x7fffffff);  // the caller has looked at the size
  png_set_benign_errors(png, 1);
  png_set_compression_buffer_size(png, 1 << 16);
  png_read_info(png, reader->info);

  uint8_t depth = png_get_bit_depth(png, reader->info);
  uint8_t color = png_get_color_type(png, reader->info);
  bool wide = color == PNG_COLOR_TYPE_GRAY && depth == 16;
  png_color_16p key = NULL;
  if (color != PNG_COLOR_TYPE_PALETTE && png_get_tRNS(png, reader->info, NULL, NULL, &key) && key != NULL) {
    bool grey = (color & PNG_COLOR_MASK_COLOR) == 0;
    info->has_key = true;
    info->key[0] = grey ? key->gray : key->red;
    info->key[1] = grey ? key->gray : key->green;
    info->key[2] = grey ? key->gray : key->blue;
  } else {
    info->has_key = false;
  }
  if (depth == 16 && !wide) png_set_strip_16(png);
  if (color == PNG_COLOR_TYPE_PALETTE) {
    png_set_palette_to_rgb(png);
    if (keep_alpha && png_get_valid(png, reader->info, PNG_INFO_tRNS)) png_set_tRNS_to_alpha(png);
  }
  if (color == PNG_COLOR_TYPE_GRAY && depth < 8) png_set_expand_gray_1_2_4_to_8(png);
  if (!keep_alpha) png_set_strip_alpha(png);
  reader->passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);

  info->width = png_get_image_width(png, reader->info);
  info->height = reader->height = png_get_image_height(png, reader->info);
  info->channels = png_get_channels(png, reader->info);
  info->sample_bytes = wide ? 2 : 1;
  info->interlaced = reader->interlaced = reader->passes > 1;
  // The caller sizes its rows by these numbers.
  if (png_get_rowbytes(png, reader->info) != (size_t)info->width * info->channels * info->sample_bytes)
    png_error(png, "the rows have an unexpected length");
  return reader;
}

bool tk_png_read_rows(
    tk_png_reader *reader, uint8_t *rows, size_t stride, uint32_t count, tk_image_failure *failure) {
  if (setjmp(reader->jump)) return fail(reader, failure);
  if (reader->interlaced) png_error(reader->png, "an interlaced file has no single rows");
  for (uint32_t row = 0; row < count; row++) png_read_row(reader->png, rows + row * stride, NULL);
  return true;
}

bool tk_png_read_interlaced(
    tk_png_reader *reader, uint8_t *rows, size_t stride, tk_image_failure *failure) {
  if (setjmp(reader->jump)) return fail(reader, failure);
  for (int pass = 0; pass < reader->passes; pass++)
    for (uint32_t row = 0; row < reader->height; row++)
      png_read_row(reader->png, rows + row * stride, NULL);
  return true;
}

bool tk_png_finish(tk_png_reader *reader, tk_image_failure *failure) {
  if (setjmp(reader->jump)) return fail(reader, failure);
  png_read_end(reader->png, NULL);
  return reader->damaged_data ? fail(reader, failure) : true;
}

void tk_png_close(tk_png_reader *reader) {
  if (reader == NULL) return;
  if (reader->png != NULL) png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader);
}
