#include "html/encoding.h"

#include <lexbor/encoding/encoding.h>
#include <lexbor/html/encoding.h>

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "base/check.h"
#include "base/utf8.h"

namespace kawat::html {
namespace {

constexpr lxb_codepoint_t kReplacement = LXB_ENCODING_REPLACEMENT_CODEPOINT;
constexpr std::size_t kPrescanBytes = 4096;  // the Standard says 1024, pages do not

const lxb_char_t* Begin(std::string_view bytes) { return reinterpret_cast<const lxb_char_t*>(bytes.data()); }
const lxb_char_t* End(std::string_view bytes) { return Begin(bytes) + bytes.size(); }

const lxb_encoding_data_t* FromHeader(std::string_view content_type) {
  const lxb_char_t* end = nullptr;
  const lxb_char_t* const name = lxb_html_encoding_content(Begin(content_type), End(content_type), &end);
  return name == nullptr ? nullptr : lxb_encoding_data_by_pre_name(name, static_cast<std::size_t>(end - name));
}

const lxb_encoding_data_t* FromMeta(std::string_view bytes) {
  lxb_html_encoding_t scan;
  KAWAT_CHECK(lxb_html_encoding_init(&scan) == LXB_STATUS_OK, "no memory for the prescan");
  const std::string_view start = bytes.substr(0, kPrescanBytes);
  std::size_t length = 0;
  const lxb_char_t* const name = lxb_html_encoding_prescan(&scan, Begin(start), End(start), &length);
  const lxb_encoding_data_t* const found = name == nullptr ? nullptr : lxb_encoding_data_by_pre_name(name, length);
  lxb_html_encoding_destroy(&scan, false);
  return found;
}

// Encodings whose text can also be read as UTF-8, and then means nothing: there the label is believed.
bool LooksLikeUtf8ButIsNot(const lxb_encoding_data_t* label, std::string_view bytes) {
  if (label == nullptr) {
    return false;
  }
  switch (label->encoding) {
    case LXB_ENCODING_ISO_2022_JP:
      return bytes.find('\x1B') != std::string_view::npos;
    case LXB_ENCODING_UTF_16BE:
    case LXB_ENCODING_UTF_16LE:
      return bytes.substr(0, kPrescanBytes).find('\0') != std::string_view::npos;
    default:
      return false;
  }
}

void AppendDecoded(const lxb_encoding_decode_t& decoder, std::string& out) {
  for (std::size_t i = 0; i < decoder.buffer_used; ++i) {
    const lxb_codepoint_t code_point = decoder.buffer_out[i];
    const bool scalar = code_point <= LXB_ENCODING_MAX_CODEPOINT && (code_point < 0xD800 || code_point > 0xDFFF);
    base::AppendUtf8(scalar ? code_point : kReplacement, out);
  }
}

std::string ToUtf8(std::string_view bytes, const lxb_encoding_data_t* encoding) {
  std::array<lxb_codepoint_t, 4096> buffer;
  lxb_encoding_decode_t decoder{};
  lxb_encoding_decode_init(&decoder, encoding, buffer.data(), buffer.size());
  lxb_encoding_decode_replace_set(&decoder, &kReplacement, 1);
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 2);
  const lxb_char_t* at = Begin(bytes);
  lxb_status_t status = LXB_STATUS_SMALL_BUFFER;
  while (status == LXB_STATUS_SMALL_BUFFER) {
    const lxb_char_t* const before = at;
    lxb_encoding_decode_buf_used_set(&decoder, 0);
    status = encoding->decode(&decoder, &at, End(bytes));
    AppendDecoded(decoder, out);
    if (at == before && lxb_encoding_decode_buf_used(&decoder) == 0) {
      break;  // no progress: cannot be, but a loop without end would be worse than lost text
    }
  }
  lxb_encoding_decode_buf_used_set(&decoder, 0);
  lxb_encoding_decode_finish(&decoder);
  AppendDecoded(decoder, out);
  return out;
}

const lxb_encoding_data_t* Choose(std::string_view bytes, std::string_view content_type) {
  if (const lxb_encoding_t mark = lxb_encoding_bom_sniff(Begin(bytes), bytes.size()); mark != LXB_ENCODING_DEFAULT) {
    return lxb_encoding_data(mark);
  }
  const lxb_encoding_data_t* const header = FromHeader(content_type);
  const lxb_encoding_data_t* const label = header != nullptr ? header : FromMeta(bytes);
  if (base::IsValidUtf8(bytes) && !LooksLikeUtf8ButIsNot(label, bytes)) {
    return lxb_encoding_data(LXB_ENCODING_UTF_8);
  }
  return label != nullptr ? label : lxb_encoding_data(LXB_ENCODING_WINDOWS_1252);
}

std::string_view WithoutMark(std::string_view bytes, lxb_encoding_t encoding) {
  if (encoding == LXB_ENCODING_UTF_8) {
    return bytes.starts_with("\xEF\xBB\xBF") ? bytes.substr(3) : bytes;
  }
  const bool mark = (encoding == LXB_ENCODING_UTF_16BE && bytes.starts_with("\xFE\xFF")) ||
                    (encoding == LXB_ENCODING_UTF_16LE && bytes.starts_with("\xFF\xFE"));
  return mark ? bytes.substr(2) : bytes;
}

}  // namespace

void Decode(std::string_view bytes, std::string_view content_type, Decoded& out) {
  const lxb_encoding_data_t* const encoding = Choose(bytes, content_type);
  const std::string_view content = WithoutMark(bytes, encoding->encoding);
  out.encoding = absl::AsciiStrToLower(reinterpret_cast<const char*>(encoding->name));
  if (encoding->encoding == LXB_ENCODING_UTF_8 && base::IsValidUtf8(content)) {
    out.storage.clear();
    out.text = content;
    return;
  }
  out.storage = ToUtf8(content, encoding);
  out.text = out.storage;
}

}  // namespace kawat::html
