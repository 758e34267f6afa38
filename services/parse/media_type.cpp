#include "services/parse/media_type.h"

#include <string>

#include "services/parse/extract/strings.h"
#include "services/parse/feed.h"

namespace kawat::parse {
namespace {

using extract::ContainsIgnoringCase;
using extract::StartsWithIgnoringCase;

constexpr std::size_t kLookedAt = 1024;

std::string Essence(std::string_view content_type) {
  return extract::Lower(extract::Trim(content_type.substr(0, content_type.find(';'))));
}

// The first bytes without byte order mark and white space.
std::string_view Start(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    bytes.remove_prefix(3);
  }
  return extract::Trim(bytes.substr(0, kLookedAt));
}

bool IsHtmlStart(std::string_view start) {
  for (const std::string_view sign : {"<!doctype html", "<html", "<head", "<body"}) {
    if (StartsWithIgnoringCase(start, sign)) {
      return true;
    }
  }
  return start.starts_with("<") && ContainsIgnoringCase(start, "<html");
}

bool IsBinaryStart(std::string_view bytes) {
  for (const std::string_view magic :
       {"%PDF-", "\x89PNG", "\xFF\xD8\xFF", "GIF8", "PK\x03\x04", "RIFF", "OggS", "ID3"}) {
    if (bytes.starts_with(magic)) {
      return true;
    }
  }
  return false;
}

}  // namespace

Media MediaOf(std::string_view content_type, std::string_view bytes) {
  const std::string essence = Essence(content_type);
  const bool xml = essence == "text/xml" || essence == "application/xml" || essence.ends_with("+xml");
  const bool html = essence == "text/html" || essence == "application/xhtml+xml";
  const bool unsaid =
      essence.empty() || essence == "application/octet-stream" || essence == "unknown/unknown" || essence == "*/*";
  const bool picture = essence.starts_with("image/") || essence.starts_with("audio/") || essence.starts_with("video/");
  if (picture || IsBinaryStart(bytes)) {
    return {};
  }
  if (LooksLikeFeed(bytes, content_type)) {
    return {MediaKind::kFeed, xml && !html};
  }
  if (html || ((xml || unsaid) && IsHtmlStart(Start(bytes)))) {
    return {MediaKind::kHtml, false};
  }
  return {};
}

}  // namespace kawat::parse
