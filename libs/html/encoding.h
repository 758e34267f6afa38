// From bytes in one of the encodings of the web to UTF-8, as WHATWG's Encoding Standard decodes. Used by html/ and by
// readers of other formats.
#pragma once

#include <string>
#include <string_view>

namespace kawat::html {

struct Decoded {
  std::string storage;    // empty when `text` is the bytes given
  std::string_view text;  // valid UTF-8 without a byte order mark; views `storage` or the bytes given
  std::string encoding;   // WHATWG name, lower case
};

// Order: byte order mark, valid UTF-8, the header's charset, the document's <meta>, windows-1252. Valid UTF-8 wins over
// a wrong label, except one of ISO-2022-JP or UTF-16 whose escapes or zero bytes are there: such text is valid UTF-8
// too, and means nothing so read. What does not decode becomes U+FFFD. Not movable without care: `text` may view
// `storage`; read it where it was made.
void Decode(std::string_view bytes, std::string_view content_type, Decoded& out);

}  // namespace kawat::html
