// What a body is: what the server says, and what its first bytes say.
#pragma once

#include <string_view>

namespace kawat::parse {

enum class MediaKind { kHtml, kFeed, kOther };

struct Media {
  MediaKind kind = MediaKind::kOther;
  bool served_as_xml = false;  // by the header: what cannot be read is malformed then, not just no feed
};

// Feeds served as text/html are feeds, XHTML served as XML is HTML. No type and no sign in the bytes: kOther.
Media MediaOf(std::string_view content_type, std::string_view bytes);

}  // namespace kawat::parse
