#include "article/reason.h"

namespace kawat::article {

std::string_view Name(Reason reason) {
  switch (reason) {
    case Reason::kNone:
      return "none";
    case Reason::kFeed:
      return "feed";
    case Reason::kSitemap:
      return "sitemap";
    case Reason::kIndexPage:
      return "index_page";
    case Reason::kAdvertisement:
      return "advertisement";
    case Reason::kNoText:
      return "no_text";
    case Reason::kNotHtml:
      return "not_html";
    case Reason::kDns:
      return "dns";
    case Reason::kConnect:
      return "connect";
    case Reason::kTls:
      return "tls";
    case Reason::kTimeout:
      return "timeout";
    case Reason::kHttpClientError:
      return "http_client_error";
    case Reason::kNotFound:
      return "not_found";
    case Reason::kHttpServerError:
      return "http_server_error";
    case Reason::kTooLarge:
      return "too_large";
    case Reason::kTooManyRedirects:
      return "too_many_redirects";
    case Reason::kBlockedAddress:
      return "blocked_address";
    case Reason::kBadResponse:
      return "bad_response";
    case Reason::kBadUrl:
      return "bad_url";
    case Reason::kRobots:
      return "robots";
    case Reason::kMalformedRecord:
      return "malformed_record";
    case Reason::kBadEncoding:
      return "bad_encoding";
    case Reason::kMalformedFeed:
      return "malformed_feed";
    case Reason::kRecordTooLarge:
      return "record_too_large";
    case Reason::kCrashed:
      return "crashed";
  }
  return "unknown";
}

}  // namespace kawat::article
