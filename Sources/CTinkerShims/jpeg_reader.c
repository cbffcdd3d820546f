#include "CTinkerShims.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <jerror.h>
#include <jpeglib.h>

// A file with more scans than this is an attack on the processor's time: each one may touch every
// coefficient and cost a few bytes.
enum { scan_limit = 500 };

struct tk_jpeg_reader {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  size_t count;
  bool created;
  bool reached_end;
  jmp_buf jump;
};

static tk_jpeg_reader *reader_of(j_common_ptr common) { return common->client_data; }

static tk_image_failure_kind kind_of(int code) {
  switch (code) {
    case JERR_OUT_OF_MEMORY:
      return TK_IMAGE_OUT_OF_MEMORY;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
    case JERR_CCIR601_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
      return TK_IMAGE_UNSUPPORTED;
    default:
      return TK_IMAGE_CORRUPT;
  }
}

static bool fail(tk_jpeg_reader *reader, tk_image_failure *failure) {
  char message[JMSG_LENGTH_MAX];
  reader->errors.format_message((j_common_ptr)&reader->jpeg, message);
  failure->kind = reader->reached_end ? TK_IMAGE_TRUNCATED : kind_of(reader->errors.msg_code);
  size_t left = reader->jpeg.src != NULL ? reader->jpeg.src->bytes_in_buffer : 0;
  failure->offset = reader->reached_end || left > reader->count ? reader->count : reader->count - left;
  snprintf(failure->message, sizeof failure->message, "%s", message);
  return false;
}

static void on_error(j_common_ptr common) { longjmp(reader_of(common)->jump, 1); }

// The library invents an end marker where the file ends too early and only warns; that file is
// refused at once. Other warnings (damaged scans) keep the picture.
static void on_message(j_common_ptr common, int level) {
  if (level < 0 && common->err->msg_code == JWRN_JPEG_EOF) {
    reader_of(common)->reached_end = true;
    longjmp(reader_of(common)->jump, 1);
  }
}

static void on_output(j_common_ptr common) { (void)common; }

static void on_progress(j_common_ptr common) {
  if (reader_of(common)->jpeg.input_scan_number > scan_limit) ERREXIT(common, JERR_BAD_PROGRESSION);
}

tk_jpeg_reader *tk_jpeg_open(
    const uint8_t *bytes, size_t count, tk_jpeg_info *info, tk_image_failure *failure) {
  tk_jpeg_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) {
    failure->kind = TK_IMAGE_OUT_OF_MEMORY;
    failure->offset = 0;
    snprintf(failure->message, sizeof failure->message, "no memory for the JPEG decoder");
    return NULL;
  }
  reader->count = count;
  reader->jpeg.err = jpeg_std_error(&reader->errors);
  reader->errors.error_exit = on_error;
  reader->errors.emit_message = on_message;
  reader->errors.output_message = on_output;
  reader->jpeg.client_data = reader;
  if (setjmp(reader->jump)) {
    fail(reader, failure);
    tk_jpeg_close(reader);
    return NULL;
  }
  jpeg_create_decompress(&reader->jpeg);
  reader->created = true;
  reader->jpeg.progress = &reader->progress;
  reader->progress.progress_monitor = on_progress;
  jpeg_mem_src(&reader->jpeg, bytes, count);
  jpeg_read_header(&reader->jpeg, TRUE);
  switch (reader->jpeg.num_components) {
    case 1: reader->jpeg.out_color_space = JCS_GRAYSCALE; break;
    case 3: reader->jpeg.out_color_space = JCS_RGB; break;
    case 4: reader->jpeg.out_color_space = JCS_CMYK; break;
    default: ERREXIT(&reader->jpeg, JERR_CONVERSION_NOTIMPL);
  }
  info->width = reader->jpeg.image_width;
  info->height = reader->jpeg.image_height;
  info->channels = (uint8_t)reader->jpeg.num_components;
  return reader;
}

bool tk_jpeg_start(tk_jpeg_reader *reader, tk_image_failure *failure) {
  if (setjmp(reader->jump)) return fail(reader, failure);
  if (!jpeg_start_decompress(&reader->jpeg)) ERREXIT(&reader->jpeg, JERR_CANT_SUSPEND);
  return true;
}

bool tk_jpeg_read_rows(
    tk_jpeg_reader *reader, uint8_t *rows, size_t stride, uint32_t count, tk_image_failure *failure) {
  if (setjmp(reader->jump)) return fail(reader, failure);
  uint32_t done = 0;
  while (done < count) {
    JSAMPROW pointers[16];
    uint32_t batch = count - done < 16 ? count - done : 16;
    for (uint32_t row = 0; row < batch; row++) pointers[row] = rows + (done + row) * stride;
    uint32_t got = jpeg_read_scanlines(&reader->jpeg, pointers, batch);
    if (got == 0) ERREXIT(&reader->jpeg, JERR_CANT_SUSPEND);
    done += got;
  }
  return true;
}

bool tk_jpeg_finish(tk_jpeg_reader *reader, tk_image_failure *failure) {
  if (setjmp(reader->jump)) return fail(reader, failure);
  jpeg_finish_decompress(&reader->jpeg);
  return true;
}

void tk_jpeg_close(tk_jpeg_reader *reader) {
  if (reader == NULL) return;
  // Closing reports no errors in the library as it is; the target stands all the same.
  if (reader->created && setjmp(reader->jump) == 0) jpeg_destroy_decompress(&reader->jpeg);
  free(reader);
}
