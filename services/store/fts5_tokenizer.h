// kawat's words as an FTS5 tokenizer: what libs/text calls words, exact and unstemmed; runs of CJK characters as
// overlapping pairs, so that a part of two or more characters is found wherever it stands. A text that begins with
// kVerbatim is split at blanks only: facets.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

struct sqlite3;

namespace kawat::store {

inline constexpr char kVerbatim = '\x01';

// Makes the tokenizer "kawat" known to this connection.
absl::Status RegisterTokenizer(sqlite3* connection);

// `text` as an FTS5 string (quoted); whether its last token must match as a prefix is said by a '*' behind: a CJK
// character that stands alone has to be found in pairs as well. Empty: no token in it.
std::string QuoteForMatch(std::string_view text);

}  // namespace kawat::store
