#include "CTinkerShims.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jerror.h>
#include <jpeglib.h>

struct tk_jpeg_writer {
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  uint8_t *bytes;
  size_t count;
  size_t capacity;
  bool created;
  jmp_buf jump;
};

static tk_jpeg_writer *writer_of(j_common_ptr common) { return common->client_data; }

static void on_error(j_common_ptr common) { longjmp(writer_of(common)->jump, 1); }

static void on_message(j_common_ptr common, int level) {
  (void)common;
  (void)level;
}

static void on_output(j_common_ptr common) { (void)common; }

// The library's own memory destination loses its buffer when an error interrupts the writing.
static void on_start(j_compress_ptr jpeg) {
  tk_jpeg_writer *writer = jpeg->client_data;
  jpeg->dest->next_output_byte = writer->bytes;
  jpeg->dest->free_in_buffer = writer->capacity;
}

static boolean on_full(j_compress_ptr jpeg) {
  tk_jpeg_writer *writer = jpeg->client_data;
  size_t filled = writer->capacity;
  uint8_t *grown = filled <= SIZE_MAX / 2 ? realloc(writer->bytes, filled * 2) : NULL;
  if (grown == NULL) ERREXIT1(jpeg, JERR_OUT_OF_MEMORY, 0);
  writer->bytes = grown;
  writer->capacity = filled * 2;
  jpeg->dest->next_output_byte = grown + filled;
  jpeg->dest->free_in_buffer = filled;
  return TRUE;
}

static void on_end(j_compress_ptr jpeg) {
  tk_jpeg_writer *writer = jpeg->client_data;
  writer->count = writer->capacity - jpeg->dest->free_in_buffer;
}

static bool fail(tk_jpeg_writer *writer, tk_image_failure *failure) {
  char message[JMSG_LENGTH_MAX];
  writer->errors.format_message((j_common_ptr)&writer->jpeg, message);
  failure->kind =
      writer->errors.msg_code == JERR_OUT_OF_MEMORY ? TK_IMAGE_OUT_OF_MEMORY : TK_IMAGE_UNSUPPORTED;
  failure->offset = 0;
  snprintf(failure->message, sizeof failure->message, "%s", message);
  return false;
}

tk_jpeg_writer *tk_jpeg_write_open(
    uint32_t width, uint32_t height, uint8_t channels, const uint8_t *comment, size_t comment_count,
    tk_image_failure *failure) {
  tk_jpeg_writer *writer = calloc(1, sizeof *writer);
  if (writer != NULL) {
    writer->capacity = 1 << 16;
    writer->bytes = malloc(writer->capacity);
  }
  if (writer == NULL || writer->bytes == NULL) {
    failure->kind = TK_IMAGE_OUT_OF_MEMORY;
    failure->offset = 0;
    snprintf(failure->message, sizeof failure->message, "no memory for the JPEG encoder");
    free(writer);
    return NULL;
  }
  writer->jpeg.err = jpeg_std_error(&writer->errors);
  writer->errors.error_exit = on_error;
  writer->errors.emit_message = on_message;
  writer->errors.output_message = on_output;
  writer->jpeg.client_data = writer;
  if (setjmp(writer->jump)) {
    fail(writer, failure);
    tk_jpeg_write_close(writer);
    return NULL;
  }
  jpeg_create_compress(&writer->jpeg);
  writer->created = true;
  writer->destination.init_destination = on_start;
  writer->destination.empty_output_buffer = on_full;
  writer->destination.term_destination = on_end;
  writer->jpeg.dest = &writer->destination;
  writer->jpeg.image_width = width;
  writer->jpeg.image_height = height;
  writer->jpeg.input_components = channels;
  writer->jpeg.in_color_space = channels == 1 ? JCS_GRAYSCALE : channels == 3 ? JCS_RGB : JCS_CMYK;
  // Everything else is the library's default: that is what makes the bytes equal the reference's.
  jpeg_set_defaults(&writer->jpeg);
  jpeg_start_compress(&writer->jpeg, TRUE);
  if (comment_count > 0) jpeg_write_marker(&writer->jpeg, JPEG_COM, comment, (unsigned)comment_count);
  return writer;
}

bool tk_jpeg_write_rows(
    tk_jpeg_writer *writer, const uint8_t *rows, size_t stride, uint32_t count,
    tk_image_failure *failure) {
  if (setjmp(writer->jump)) return fail(writer, failure);
  for (uint32_t row = 0; row < count; row++) {
    JSAMPROW pointer = (JSAMPROW)(uintptr_t)(rows + row * stride);
    jpeg_write_scanlines(&writer->jpeg, &pointer, 1);
  }
  return true;
}

bool tk_jpeg_write_finish(
    tk_jpeg_writer *writer, const uint8_t **bytes, size_t *count, tk_image_failure *failure) {
  if (setjmp(writer->jump)) return fail(writer, failure);
  jpeg_finish_compress(&writer->jpeg);
  *bytes = writer->bytes;
  *count = writer->count;
  return true;
}

void tk_jpeg_write_close(tk_jpeg_writer *writer) {
  if (writer == NULL) return;
  if (writer->created && setjmp(writer->jump) == 0) jpeg_destroy_compress(&writer->jpeg);
  free(writer->bytes);
  free(writer);
}
