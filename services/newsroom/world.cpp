#include "services/newsroom/world.h"

#include "absl/strings/ascii.h"

namespace kawat::newsroom {
namespace {

std::string_view AfterScheme(std::string_view url) {
  const std::size_t at = url.find("://");
  return at == std::string_view::npos ? url : url.substr(at + 3);
}

}  // namespace

std::string_view KindName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kArticle:
      return "ARTICLE";
    case Outcome::kFeed:
    case Outcome::kIndexPage:
    case Outcome::kNoText:
    case Outcome::kNotHtml:
      return "LINKS_ONLY";
    case Outcome::kBadEncoding:
    case Outcome::kMalformedFeed:
      return "DEAD_LETTER";
    case Outcome::kNotFound:
    case Outcome::kClientError:
    case Outcome::kServerError:
    case Outcome::kTimeout:
    case Outcome::kBadResponse:
    case Outcome::kTooManyRedirects:
      return "FAILURE";
    case Outcome::kMoved:
      return "MOVED";
    case Outcome::kDisallowed:
      return "DISALLOWED";
    case Outcome::kAny:
      break;
  }
  return "ANY";
}

std::string_view ReasonName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kFeed:
      return "FEED";
    case Outcome::kIndexPage:
      return "INDEX_PAGE";
    case Outcome::kNoText:
      return "NO_TEXT";
    case Outcome::kNotHtml:
      return "NOT_HTML";
    case Outcome::kBadEncoding:
      return "BAD_ENCODING";
    case Outcome::kMalformedFeed:
      return "MALFORMED_FEED";
    case Outcome::kNotFound:
      return "NOT_FOUND";
    case Outcome::kClientError:
      return "HTTP_CLIENT_ERROR";
    case Outcome::kServerError:
      return "HTTP_SERVER_ERROR";
    case Outcome::kTimeout:
      return "TIMEOUT";
    case Outcome::kBadResponse:
      return "BAD_RESPONSE";
    case Outcome::kTooManyRedirects:
      return "TOO_MANY_REDIRECTS";
    case Outcome::kDisallowed:
      return "ROBOTS";
    case Outcome::kArticle:
    case Outcome::kMoved:
    case Outcome::kAny:
      break;
  }
  return "";
}

std::string HostOf(std::string_view url) {
  std::string_view rest = AfterScheme(url);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  return absl::AsciiStrToLower(std::string(rest.substr(0, rest.find(':'))));
}

std::string TargetOf(std::string_view url) {
  const std::string_view rest = AfterScheme(url);
  const std::size_t begin = rest.find_first_of("/?#");
  if (begin == std::string_view::npos || rest[begin] == '#') {
    return "/";
  }
  const std::string target(rest.substr(begin, rest.find('#', begin) - begin));
  return target.starts_with('?') ? "/" + target : target;
}

}  // namespace kawat::newsroom
