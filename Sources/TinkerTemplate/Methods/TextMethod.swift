/// The methods of strings that templates may call.
enum TextMethod: String {
  case capitalize, casefold, center, count, endswith, expandtabs, find, format
  case formatMap = "format_map"
  case index, isalnum, isalpha, isascii, isdecimal, isdigit, isidentifier, islower, isnumeric
  case isprintable, isspace, istitle, isupper, join, ljust, lower, lstrip, partition
  case removeprefix, removesuffix, replace, rfind, rindex, rjust, rpartition, rsplit, rstrip
  case split, splitlines, startswith, strip, swapcase, title, upper, zfill
}
