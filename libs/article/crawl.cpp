#include "article/crawl.h"

namespace kawat::article {

std::string_view Name(OutcomeKind kind) {
  switch (kind) {
    case OutcomeKind::kNone:
      return "none";
    case OutcomeKind::kArticle:
      return "article";
    case OutcomeKind::kLinksOnly:
      return "links_only";
    case OutcomeKind::kDeadLetter:
      return "dead_letter";
    case OutcomeKind::kNotModified:
      return "not_modified";
    case OutcomeKind::kMoved:
      return "moved";
    case OutcomeKind::kFailure:
      return "failure";
    case OutcomeKind::kDisallowed:
      return "disallowed";
  }
  return "unknown";
}

std::string Page::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) {
      return value;
    }
  }
  return "";
}

}  // namespace kawat::article
